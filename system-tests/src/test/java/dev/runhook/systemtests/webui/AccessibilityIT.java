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

/// Every view and every dialog, in light and dark, on wide screens and narrow ones: nothing is
/// wider than the window or cut off, and axe finds nothing serious. With `-Drunhook.pictures=true`
/// it leaves pictures in `target/pictures`.
@ExtendWith(SharedBrowserExtension.class)
class AccessibilityIT {
  private static final Path PICTURES = Path.of("target", "pictures");
  private static final boolean TAKES_PICTURES = Boolean.getBoolean("runhook.pictures");
  private static final By DIALOG = By.cssSelector("dialog[open]");
  private static final String COLOURS = "color-contrast";
  private static final String STACK = "#/stacks/" + SampleData.STACK;
  private static final String SETTINGS = STACK + "/settings/";
  private static final String BARE = "#/stacks/" + SampleData.EMPTY_STACK;

  private static final String CUT_OFF =
      "[...document.querySelectorAll('.sheet')].filter(each => each.scrollWidth >"
          + " each.clientWidth).length";

  private final SoftAssertions findings = new SoftAssertions();

  @Test
  void every_view_is_fit_for_those_who_do_not_see_and_on_any_screen(
      WebUiFixture webUiFixture, Browser browser) throws IOException {
    try (SampleData sampleData = SampleData.create(webUiFixture)) {
      signIn(webUiFixture, browser);
      for (Map.Entry<String, String> view : views(sampleData).entrySet()) {
        browser.navigate(view.getValue());
        look(browser, view.getKey());
      }
      dialogs(browser, sampleData);
    }
    findings.assertAll();
  }

  private void signIn(WebUiFixture webUiFixture, Browser browser) throws IOException {
    browser.open("");
    browser.field("Token");
    look(browser, "sign-in");
    browser.type("Token", "not one of ours, but long enough");
    browser.click("Sign in");
    browser.awaitText("this server does not know the token");
    look(browser, "sign-in-refused");
    browser.signIn(webUiFixture.createToken("reader", "nothing-yet"));
    browser.awaitText("No stacks yet");
    look(browser, "stacks-empty");
    browser.click("Sign out");
    browser.awaitText("You are signed out.");
    look(browser, "signed-out");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
  }

  private static Map<String, String> views(SampleData sampleData) throws IOException {
    Map<String, String> views = new LinkedHashMap<>();
    views.put("runs", STACK);
    views.put("runs-empty", BARE);
    views.put("run", STACK + "/runs/run-5");
    views.put("run-failed", STACK + "/runs/run-1");
    views.put("general", SETTINGS + "general");
    views.put("general-long", "#/stacks/long/settings/general");
    views.put("integrations", SETTINGS + "integrations");
    views.put("integrations-long", "#/stacks/long/settings/integrations");
    views.put("integrations-empty", BARE + "/settings/integrations");
    views.put("add", SETTINGS + "integrations/new");
    views.put("edit", sampleData.healthyWebhook());
    views.put("edit-off", sampleData.disabledWebhook());
    views.put("edit-long", sampleData.unnamedWebhook());
    views.put("runs-long", "#/stacks/long");
    views.put("deliveries", sampleData.healthyWebhook() + "/deliveries");
    views.put("deliveries-empty", sampleData.disabledWebhook() + "/deliveries");
    views.put("deliveries-paused", sampleData.pausedWebhook() + "/deliveries");
    views.put("delivery", sampleData.newestDelivery(sampleData.healthyWebhook(), "DELIVERED"));
    views.put("delivery-failed", sampleData.newestDelivery(sampleData.pausedWebhook(), "FAILED"));
    views.put("delivery-pending", sampleData.newestDelivery(sampleData.pausedWebhook(), "PENDING"));
    views.put("health", sampleData.healthyWebhook() + "/health");
    views.put("health-paused", sampleData.pausedWebhook() + "/health");
    views.put("health-empty", sampleData.disabledWebhook() + "/health");
    views.put("not-there", STACK + "/runs/none");
    views.put("no-address", "#/nowhere");
    views.put("stacks", "#/");
    return views;
  }

  private void dialogs(Browser browser, SampleData sampleData) {
    browser.type("Search stacks", "no such thing");
    browser.awaitText("No matching stacks");
    look(browser, "stacks-not-found");
    browser.navigate(SETTINGS + "general");
    dialog(browser, "Delete stack", "delete-stack");
    browser.navigate(sampleData.healthyWebhook());
    dialog(browser, "Rotate secret", "regenerate");
    dialog(browser, "Delete webhook", "delete-webhook");
    browser.navigate(sampleData.healthyWebhook() + "/deliveries");
    browser.click("Resend deliveries…");
    browser.awaitText("will be resent");
    look(browser, "replay");
    browser.pressKeys(Keys.ESCAPE);
    browser.click("Send test event");
    browser.awaitText("204 delivered");
    look(browser, "ping");
    browser.navigate(SETTINGS + "integrations/new");
    browser.click("Filters, headers, timeout and retries");
    browser.click("Add header");
    browser.type("Endpoint", "http://10.0.0.1/hooks");
    browser.click("Add webhook");
    browser.awaitText("allow its network");
    look(browser, "add-refused");
  }

  private void dialog(Browser browser, String opener, String name) {
    browser.click(opener);
    browser.await(DIALOG);
    look(browser, name);
    browser.pressKeys(Keys.ESCAPE);
    browser.awaitValue("document.querySelectorAll('dialog').length", "0");
  }

  /// What is where depends on the width alone, what can be read on the colours as well: so all
  /// rules are asked once for each width, and that of colours for the rest.
  private void look(Browser browser, String name) {
    look(browser, name, Browser.WIDE, "light");
    look(browser, name, Browser.WIDE, "dark", COLOURS);
    look(browser, name, Browser.NARROW, "light", COLOURS);
    look(browser, name, Browser.NARROW, "dark");
    browser.emulate(Browser.WIDE, "light");
  }

  private void look(Browser browser, String name, int width, String colours, String... rules) {
    browser.emulate(width, colours);
    String full = name + "-" + (width == Browser.WIDE ? "wide" : "narrow") + "-" + colours;
    if (TAKES_PICTURES) {
      browser.screenshot(PICTURES.resolve(full + ".png"));
    }
    findings
        .assertThat(browser.evaluate("document.documentElement.scrollWidth"))
        .as("width of %s", full)
        .isEqualTo(Integer.toString(width));
    findings.assertThat(browser.evaluate(CUT_OFF)).as("tables cut off in %s", full).isEqualTo("0");
    findings.assertThat(browser.seriousViolations(rules)).as(full).isEmpty();
  }
}
