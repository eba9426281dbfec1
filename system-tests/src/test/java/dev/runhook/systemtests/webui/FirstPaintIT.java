package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// What is seen before any data is there, and what a second visit costs.
@ExtendWith(SharedBrowserExtension.class)
class FirstPaintIT {
  /// Keeps back every request to the API until somebody lets them go.
  private static final String HOLD =
      """
      const ask = window.fetch.bind(window);
      const gate = new Promise(open => (window.letGo = open));
      window.held = [];
      window.fetch = async (...what) => {
        window.held.push(String(what[0]));
        await gate;
        return ask(...what);
      };
      """;

  private static final By GHOST = By.cssSelector("main .skeleton");
  private static final String PAINTED =
      "performance.getEntriesByName('first-contentful-paint').length";
  private static final String PAINTED_AFTER =
      "Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)";
  private static final String FILES =
      "performance.getEntriesByType('resource').filter(each => each.name.includes('/assets/'))";
  private static final String SIZE = FILES + ".reduce((sum, each) => sum + each.transferSize, 0)";

  @Test
  void the_view_is_painted_before_anything_was_answered(WebUiFixture webUiFixture, Browser browser)
      throws IOException {
    webUiFixture.putStack("slow", "Slow to come");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object hold = browser.addInitScript(HOLD);
    try {
      browser.open("#/stacks/slow/settings/integrations");

      browser.await(GHOST);
      assertThat(browser.control("Settings").isDisplayed()).isTrue();
      assertThat(browser.control("Add webhook").isDisplayed()).isTrue();
      assertThat(browser.control("Sign out").isDisplayed()).isTrue();
      assertThat(browser.await(By.cssSelector("main h1")).getText()).isEqualTo("slow");
      assertThat(browser.await(By.cssSelector("main h2")).getText()).isEqualTo("Integrations");
      assertThat(browser.evaluate("window.held"))
          .contains("api/v1/session", "api/v1/stacks/slow", "api/v1/stacks/slow/webhooks");
      browser.awaitValue(PAINTED, "1");

      browser.evaluate("window.letGo()");
      browser.awaitText("Slow to come");
      browser.awaitText("No webhooks yet");
      assertThat(browser.findAll("main .skeleton")).isEmpty();
    } finally {
      browser.removeInitScript(hold);
    }
  }

  @Test
  void a_second_visit_fetches_no_file_again(WebUiFixture webUiFixture, Browser browser) {
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.clearCache();
    visit(browser, "cold");
    assertThat(Integer.parseInt(browser.evaluate(SIZE))).isBetween(20_000, 120_000);

    visit(browser, "warm");
    assertThat(browser.evaluate(SIZE)).isEqualTo("0");
  }

  /// What it takes is told for those who want to know; how long depends on the machine.
  private static void visit(Browser browser, String how) {
    browser.open("");
    browser.control("Sign out");
    browser.awaitValue(PAINTED, "1");
    System.out.printf(
        "first paint, %s: after %s ms; %s files, %s bytes%n",
        how,
        browser.evaluate(PAINTED_AFTER),
        browser.evaluate(FILES + ".length"),
        browser.evaluate(SIZE));
  }

  @Test
  void what_a_role_may_not_do_is_offered_at_no_time(WebUiFixture webUiFixture, Browser browser)
      throws IOException {
    webUiFixture.putStack("slow", "Slow to come");
    browser.signIn(webUiFixture.createToken("reader"));
    Object hold = browser.addInitScript(HOLD);
    try {
      browser.open("#/stacks/slow/settings/integrations");
      browser.await(GHOST);

      assertThat(browser.hasControl("Add webhook")).isFalse();
      browser.evaluate("window.letGo()");
      browser.awaitText("No webhooks yet");
      assertThat(browser.hasControl("Add webhook")).isFalse();
    } finally {
      browser.removeInitScript(hold);
    }
  }
}
