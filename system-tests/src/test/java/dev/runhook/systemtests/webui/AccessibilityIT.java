package dev.runhook.systemtests.webui;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// Checks all views and dialogs, in light and dark mode, on wide and narrow screens: nothing is
/// wider than the window or cut off, and axe reports no serious violation. Views are checked at
/// more widths. `-Drunhook.pictures=true` saves screenshots in `target/pictures`.
@ExtendWith(SharedBrowserExtension.class)
class AccessibilityIT {
  private static final Path SCREENSHOTS = Path.of("target", "pictures");
  private static final boolean TAKE_SCREENSHOTS = Boolean.getBoolean("runhook.pictures");

  /// The width at which WCAG requires that nothing scrolls sideways.
  private static final int SMALLEST = 320;

  /// Tablets and large screens.
  private static final int[] OTHER_WIDTHS = {768, 1024, 1440, 2560};

  private static final By DIALOG = By.cssSelector("dialog[open]");
  private static final String COLOR_CONTRAST = "color-contrast";
  private static final String STACK = "#/stacks/" + SampleData.STACK;
  private static final String SETTINGS = STACK + "/settings/";
  private static final String EMPTY_STACK = "#/stacks/" + SampleData.EMPTY_STACK;

  private static final String CUT_OFF =
      "[...document.querySelectorAll('.sheet')].filter(each => each.scrollWidth >"
          + " each.clientWidth).length";

  private static final String SCROLLED =
      "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  private final SoftAssertions violations = new SoftAssertions();

  @Test
  void every_view_and_dialog_is_accessible(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (SampleData data = SampleData.create(fixture)) {
      signIn(fixture, browser);
      for (Map.Entry<String, String> view : views(data).entrySet()) {
        browser.navigate(view.getValue());
        check(browser, view.getKey());
        for (int width : OTHER_WIDTHS) {
          browser.emulate(width, "light");
          checkLayout(browser, view.getKey() + "-" + width, width);
        }
      }
      dialogs(browser, data);
    }
    violations.assertAll();
  }

  private void signIn(WebUiFixture fixture, Browser browser) throws IOException {
    browser.open("");
    browser.field("Token");
    check(browser, "sign-in");
    browser.type("Token", "an unknown token that is long enough");
    browser.click("Sign in");
    browser.awaitText("This server does not know the token");
    check(browser, "sign-in-refused");
    browser.open(
        fixture
            .api()
            .post("/tokens", "{\"name\":\"Ana\",\"role\":\"reader\",\"signInLink\":{}}")
            .requireSuccess()
            .json()
            .at("/signInLink/path")
            .asText()
            .substring(1));
    browser.awaitText("Sign in as Ana");
    check(browser, "sign-in-link");
    browser.open("#/sign-in/unknown");
    browser.awaitText("The sign-in link is not valid");
    check(browser, "sign-in-link-invalid");
    browser.open("");
    browser.signIn(fixture.createToken("reader", "nothing-yet"));
    browser.awaitText("No stacks yet");
    check(browser, "stacks-empty");
    browser.click("Sign out");
    browser.awaitText("You are signed out.");
    check(browser, "signed-out");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
  }

  private static Map<String, String> views(SampleData data) throws IOException {
    Map<String, String> views = new LinkedHashMap<>();
    views.put("runs", STACK);
    views.put("runs-empty", EMPTY_STACK);
    views.put("day", STACK + "/day");
    views.put("day-empty", EMPTY_STACK + "/day");
    views.put("run", STACK + "/runs/run-5");
    views.put("run-failed", STACK + "/runs/run-1");
    views.put("general", SETTINGS + "general");
    views.put("general-long", "#/stacks/long/settings/general");
    views.put("integrations", SETTINGS + "integrations");
    views.put("integrations-long", "#/stacks/long/settings/integrations");
    views.put("integrations-empty", EMPTY_STACK + "/settings/integrations");
    views.put("add", SETTINGS + "integrations/new");
    views.put("edit", data.healthyWebhook());
    views.put("edit-off", data.disabledWebhook());
    views.put("edit-long", data.unnamedWebhook());
    views.put("runs-long", "#/stacks/long");
    views.put("deliveries", data.healthyWebhook() + "/deliveries");
    views.put("deliveries-empty", data.disabledWebhook() + "/deliveries");
    views.put("deliveries-paused", data.pausedWebhook() + "/deliveries");
    views.put("delivery", data.newestDelivery(data.healthyWebhook(), "DELIVERED"));
    views.put("delivery-failed", data.newestDelivery(data.pausedWebhook(), "FAILED"));
    views.put("delivery-pending", data.newestDelivery(data.pausedWebhook(), "PENDING"));
    views.put("receiver", data.healthyWebhook() + "/receiver");
    views.put("receiver-off", data.disabledWebhook() + "/receiver");
    views.put("health", data.healthyWebhook() + "/health");
    views.put("health-paused", data.pausedWebhook() + "/health");
    views.put("health-empty", data.disabledWebhook() + "/health");
    views.put("not-there", STACK + "/runs/none");
    views.put("no-address", "#/nowhere");
    views.put("search", "#/search?q=run-1");
    views.put("tokens", "#/account/tokens");
    views.put("account-webhooks", "#/account/webhooks");
    views.put("account-webhook-add", "#/account/webhooks/new");
    views.put("sessions", "#/account/sessions");
    views.put("audit", "#/account/audit");
    views.put("payloads", "#/account/payloads");
    views.put("server-settings", "#/account/settings");
    views.put("home", "#/");
    views.put("receivers", "#/receivers");
    views.put("receivers-by-host", "#/receivers?sort=p99&group=host");
    views.put("all-deliveries", "#/deliveries");
    views.put("stacks", "#/stacks");
    return views;
  }

  private void dialogs(Browser browser, SampleData data) {
    browser.type("Search stacks", "no such stack");
    browser.awaitText("No matches");
    check(browser, "stacks-not-found");
    browser.navigate(SETTINGS + "general");
    dialog(browser, "Delete stack", "delete-stack");
    browser.click("acme admin: your access");
    browser.awaitText("Session expires");
    check(browser, "access");
    browser.pressKeys(Keys.ESCAPE);
    dialog(browser, "Keyboard shortcuts", "keys");
    browser.navigate(data.healthyWebhook());
    dialog(browser, "Rotate secret", "regenerate");
    dialog(browser, "Delete webhook", "delete-webhook");
    browser.navigate(data.healthyWebhook() + "/deliveries");
    browser.click("Resend deliveries…");
    browser.awaitText("No matching deliveries");
    check(browser, "replay");
    browser.pressKeys(Keys.ESCAPE);
    browser.click("Send test event");
    browser.awaitText("204 delivered");
    check(browser, "ping");
    browser.navigate(SETTINGS + "integrations/new");
    browser.click("Events, filters, headers, timeout, retries and rate");
    browser.click("Add header");
    browser.type("Endpoint", "http://10.0.0.1/hooks");
    browser.click("Add webhook");
    browser.awaitText("to allow it");
    check(browser, "add-refused");
  }

  private void dialog(Browser browser, String opener, String name) {
    browser.click(opener);
    browser.await(DIALOG);
    check(browser, name);
    browser.pressKeys(Keys.ESCAPE);
    browser.awaitValue("document.querySelectorAll('dialog').length", "0");
  }

  /// The layout depends only on the width, but the contrast also depends on the color scheme. All
  /// rules therefore run once for each width, and only the contrast rule runs for the other
  /// combinations.
  private void check(Browser browser, String name) {
    browser.emulate(SMALLEST, "light");
    checkLayout(browser, name + "-smallest", SMALLEST);
    check(browser, name, Browser.WIDE, "light");
    check(browser, name, Browser.WIDE, "dark", COLOR_CONTRAST);
    check(browser, name, Browser.NARROW, "light", COLOR_CONTRAST);
    check(browser, name, Browser.NARROW, "dark");
    browser.emulate(Browser.WIDE, "light");
  }

  private void check(Browser browser, String name, int width, String colorScheme, String... rules) {
    browser.emulate(width, colorScheme);
    String full = name + "-" + (width == Browser.WIDE ? "wide" : "narrow") + "-" + colorScheme;
    if (TAKE_SCREENSHOTS) {
      browser.screenshot(SCREENSHOTS.resolve(full + ".png"));
    }
    checkLayout(browser, full, width);
    violations.assertThat(browser.seriousViolations(rules)).as(full).isEmpty();
  }

  private void checkLayout(Browser browser, String name, int width) {
    violations
        .assertThat(browser.evaluate(CUT_OFF))
        .as("tables cut off in %s", name)
        .isEqualTo("0");
    violations
        .assertThat(browser.evaluate(SCROLLED))
        .as("width that scrolls in %s, of %s", name, width)
        .isEqualTo("0");
  }
}
