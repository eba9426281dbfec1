package dev.runhook.bootstrap.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// What is seen before any data is there, and what a second visit costs.
@ExtendWith(Visit.class)
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

  private static final By GHOST = By.cssSelector("main .ghost");
  private static final String PAINTED =
      "performance.getEntriesByName('first-contentful-paint').length";
  private static final String PAINTED_AFTER =
      "Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)";
  private static final String FILES =
      "performance.getEntriesByType('resource').filter(each => each.name.includes('/assets/'))";
  private static final String SIZE = FILES + ".reduce((sum, each) => sum + each.transferSize, 0)";

  @Test
  void the_view_is_painted_before_anything_was_answered(Site site, Browser browser)
      throws IOException {
    site.stack("slow", "Slow to come");
    browser.signIn(Site.ADMIN);
    Object hold = browser.prepare(HOLD);
    try {
      browser.go("#/stacks/slow/settings/integrations");

      browser.await(GHOST);
      assertThat(browser.control("Settings").isDisplayed()).isTrue();
      assertThat(browser.control("Add webhook").isDisplayed()).isTrue();
      assertThat(browser.control("Sign out").isDisplayed()).isTrue();
      assertThat(browser.await(By.cssSelector("main h1")).getText()).isEqualTo("slow");
      assertThat(browser.await(By.cssSelector("main h2")).getText()).isEqualTo("Integrations");
      assertThat(browser.value("window.held"))
          .contains("api/v1/session", "api/v1/stacks/slow", "api/v1/stacks/slow/webhooks");
      browser.awaitValue(PAINTED, "1");

      browser.value("window.letGo()");
      browser.awaitText("Slow to come");
      browser.awaitText("No webhooks yet");
      assertThat(browser.all("main .ghost")).isEmpty();
    } finally {
      browser.unprepare(hold);
    }
  }

  @Test
  void a_second_visit_fetches_no_file_again(Site site, Browser browser) {
    browser.signIn(Site.ADMIN);
    browser.forgetFiles();
    visit(browser, "cold");
    assertThat(Integer.parseInt(browser.value(SIZE))).isBetween(20_000, 120_000);

    visit(browser, "warm");
    assertThat(browser.value(SIZE)).isEqualTo("0");
  }

  /// What it takes is told for those who want to know; how long depends on the machine.
  private static void visit(Browser browser, String how) {
    browser.go("");
    browser.control("Sign out");
    browser.awaitValue(PAINTED, "1");
    System.out.printf(
        "first paint, %s: after %s ms; %s files, %s bytes%n",
        how, browser.value(PAINTED_AFTER), browser.value(FILES + ".length"), browser.value(SIZE));
  }

  @Test
  void what_a_role_may_not_do_is_offered_at_no_time(Site site, Browser browser) throws IOException {
    site.stack("slow", "Slow to come");
    browser.signIn(site.tokenOf("reader"));
    Object hold = browser.prepare(HOLD);
    try {
      browser.go("#/stacks/slow/settings/integrations");
      browser.await(GHOST);

      assertThat(browser.offers("Add webhook")).isFalse();
      browser.value("window.letGo()");
      browser.awaitText("No webhooks yet");
      assertThat(browser.offers("Add webhook")).isFalse();
    } finally {
      browser.unprepare(hold);
    }
  }
}
