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
  void what_a_role_may_not_do_is_offered_at_no_time(Site site, Browser browser)
      throws IOException {
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
