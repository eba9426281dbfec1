package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/// The first paint before any data has arrived, and the cost of a second visit.
@ExtendWith(SharedBrowserExtension.class)
class FirstPaintIT {
  /// Holds every request to the API until `release()` is called.
  private static final String HOLD =
      """
      const fetchNow = window.fetch.bind(window);
      const gate = new Promise(open => (window.release = open));
      window.held = [];
      window.fetch = async (...args) => {
        window.held.push(String(args[0]));
        await gate;
        return fetchNow(...args);
      };
      """;

  private static final By PLACEHOLDER = By.cssSelector("main .skeleton");
  private static final String PAINTED =
      "performance.getEntriesByName('first-contentful-paint').length";
  private static final String PAINTED_AFTER =
      "Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)";
  private static final String FILES =
      "performance.getEntriesByType('resource').filter(each => each.name.includes('/assets/'))";

  /// Whether the files that the first view does not need have been loaded too.
  private static final String ALL_LOADED =
      "[...document.querySelectorAll('link')].every(each => performance.getEntriesByName(each.href).length)"
          + " && customElements.get('rh-health') !== undefined";

  /// The size of the files that the first view waits for.
  private static final String FIRST_SIZE =
      "[...document.querySelectorAll('link:not([rel=prefetch]), script[src]')]"
          + ".map(each => performance.getEntriesByName(each.href ?? each.src)[0].transferSize)"
          + ".reduce((sum, size) => sum + size, 0)";

  private static final String SIZE = FILES + ".reduce((sum, each) => sum + each.transferSize, 0)";

  @Test
  void a_view_is_painted_before_the_first_response(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("slow", "Slow stack");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    Object hold = browser.addInitScript(HOLD);
    try {
      browser.open("#/stacks/slow/settings/integrations");

      browser.await(PLACEHOLDER);
      assertThat(browser.control("Settings").isDisplayed()).isTrue();
      assertThat(browser.control("Add webhook").isDisplayed()).isTrue();
      assertThat(browser.control("Sign out").isDisplayed()).isTrue();
      assertThat(browser.await(By.cssSelector("main h1")).getText()).isEqualTo("slow");
      assertThat(browser.await(By.cssSelector("main h2")).getText()).isEqualTo("Integrations");
      assertThat(browser.evaluate("window.held"))
          .contains("api/v1/session", "api/v1/stacks/slow", "api/v1/stacks/slow/webhooks");
      browser.awaitValue(PAINTED, "1");

      browser.evaluate("window.release()");
      browser.awaitText("Slow stack");
      browser.awaitText("No webhooks yet");
      assertThat(browser.findAll("main .skeleton")).isEmpty();
    } finally {
      browser.removeInitScript(hold);
    }
  }

  @Test
  void a_second_visit_loads_no_file_again(WebUiFixture fixture, Browser browser) {
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.clearCache();
    visit(browser, "cold");
    assertThat(Integer.parseInt(browser.evaluate(FIRST_SIZE))).isBetween(20_000, 90_000);
    assertThat(Integer.parseInt(browser.evaluate(SIZE))).isLessThan(180_000);

    visit(browser, "warm");
    assertThat(browser.evaluate(SIZE)).isEqualTo("0");
  }

  /// Opens the start page and prints the time, which depends on the machine.
  private static void visit(Browser browser, String label) {
    browser.open("");
    browser.control("Sign out");
    browser.awaitValue(PAINTED, "1");
    browser.awaitValue(ALL_LOADED, "true");
    System.out.printf(
        "first paint, %s: after %s ms; %s bytes, and later %s files, %s bytes in all%n",
        label,
        browser.evaluate(PAINTED_AFTER),
        browser.evaluate(FIRST_SIZE),
        browser.evaluate(FILES + ".length"),
        browser.evaluate(SIZE));
  }

  @Test
  void a_forbidden_action_is_never_offered(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("slow", "Slow stack");
    browser.signIn(fixture.createToken("reader"));
    Object hold = browser.addInitScript(HOLD);
    try {
      browser.open("#/stacks/slow/settings/integrations");
      browser.await(PLACEHOLDER);

      assertThat(browser.hasControl("Add webhook")).isFalse();
      browser.evaluate("window.release()");
      browser.awaitText("No webhooks yet");
      assertThat(browser.hasControl("Add webhook")).isFalse();
    } finally {
      browser.removeInitScript(hold);
    }
  }
}
