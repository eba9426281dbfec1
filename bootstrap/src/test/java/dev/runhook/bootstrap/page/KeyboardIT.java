package dev.runhook.bootstrap.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.bootstrap.receiver.Receiver;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The mission's story with keys alone: nothing is clicked, and no focus is set but by the page.
@ExtendWith(Visit.class)
class KeyboardIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By DIALOG = By.cssSelector("dialog[open]");

  @Test
  void the_story_of_a_webhook_is_told_with_keys_alone(Site site, Browser browser)
      throws IOException {
    site.stack("keys", "Only keys");
    Keyboard keys = new Keyboard(browser);
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      signedIn(browser, keys);
      added(browser, keys, receiver.url());
      switchedInTheList(browser, keys);
      keys.backTo("Edit " + receiver.url());
      keys.strike(Keys.ENTER);
      switchedAtTheWebhook(site, browser, keys);
      regenerated(site, browser, keys);
      deleted(site, browser, keys);

      keys.backTo("Sign out");
      keys.strike(Keys.SPACE);
      browser.awaitText("You are signed out.");
      keys.awaitName("Token");
    }
  }

  private static void signedIn(Browser browser, Keyboard keys) {
    browser.go("");
    keys.awaitName("Token");
    keys.strike(Site.ADMIN, Keys.ENTER);
    keys.awaitName("Stacks");
  }

  private static void added(Browser browser, Keyboard keys, String endpoint) {
    browser.awaitText("Only keys");
    keys.enter("Only keys");
    keys.awaitName("Only keys");
    keys.enter("Settings");
    browser.awaitText("No webhooks yet");
    keys.enter("Integrations");
    keys.enter("Add webhook");
    keys.awaitName("Endpoint");
    keys.strike(endpoint);
    keys.to("Secret");
    keys.strike(SECRET);
    keys.to("Show the secret");
    keys.strike(Keys.SPACE);
    assertThat(browser.field("Secret").getDomAttribute("type")).isEqualTo("text");
    assertThat(keys.name()).isEqualTo("Hide the secret");
    keys.to("Filters, headers, timeout and retries");
    keys.strike(Keys.SPACE);
    keys.to("FINISHED");
    keys.strike(Keys.SPACE);
    keys.enter("Add webhook");
    browser.awaitText("The webhook is added.");
    keys.awaitName("Only keys");
    assertThat(browser.text()).contains(endpoint, "FINISHED");
  }

  /// The list is drawn anew, and the focus stays.
  private static void switchedInTheList(Browser browser, Keyboard keys) {
    keys.to("Enabled");
    keys.strike(Keys.SPACE);
    browser.awaitText("off: nothing is delivered");
    browser.awaitText("Disabled");
    keys.awaitName("Enabled");
    keys.strike(Keys.SPACE);
    browser.awaitText("on: what happens is delivered");
    browser.awaitText("Active");
    keys.awaitName("Enabled");
  }

  private static void switchedAtTheWebhook(Site site, Browser browser, Keyboard keys)
      throws IOException {
    keys.to("Enabled");
    assertThat(browser.focused().getDomAttribute("aria-checked")).isEqualTo("true");
    keys.strike(Keys.SPACE);
    browser.awaitText("off: nothing is delivered");
    assertThat(keys.name()).isEqualTo("Enabled");
    assertThat(browser.focused().getDomAttribute("aria-checked")).isEqualTo("false");
    assertThat(webhooks(site).path(0).path("enabled").asBoolean()).isFalse();
    keys.strike(Keys.ENTER);
    browser.awaitText("on: what happens is delivered");
    assertThat(browser.focused().getDomAttribute("aria-checked")).isEqualTo("true");
    assertThat(webhooks(site).path(0).path("enabled").asBoolean()).isTrue();
  }

  /// A dialog keeps the focus until it is closed, and then gives it back.
  private static void regenerated(Site site, Browser browser, Keyboard keys) throws IOException {
    keys.enter("Regenerate secret");
    browser.await(DIALOG);
    keys.awaitName("Sign with the old one too");
    assertThat(keys.walk(4))
        .isEqualTo(
            List.of("New secret", "Regenerate secret", "Cancel", "Sign with the old one too"));
    keys.strike(Keys.ESCAPE);
    keys.awaitName("Regenerate secret");
    assertThat(browser.all("dialog")).isEmpty();
    assertThat(webhooks(site).path(0).path("secret").asText()).isEqualTo(SECRET);

    keys.strike(Keys.ENTER);
    keys.awaitName("Sign with the old one too");
    keys.strike(Keys.ARROW_DOWN);
    keys.enter("Regenerate secret");
    browser.awaitText("The webhook has a new secret.");
    keys.awaitName("Regenerate secret");
    assertThat(webhooks(site).path(0).path("secret").asText()).startsWith("whsec_");
    browser.awaitText("in 59 min");
  }

  /// The dialog begins at what does no harm.
  private static void deleted(Site site, Browser browser, Keyboard keys) throws IOException {
    keys.enter("Delete webhook");
    browser.await(DIALOG);
    keys.awaitName("Cancel");
    keys.strike(Keys.ENTER);
    keys.awaitName("Delete webhook");
    assertThat(webhooks(site)).hasSize(1);

    keys.strike(Keys.ENTER);
    keys.awaitName("Cancel");
    keys.backTo("Delete webhook");
    keys.strike(Keys.SPACE);
    browser.awaitText("No webhooks yet");
    keys.awaitName("Only keys");
    assertThat(webhooks(site)).isEmpty();
  }

  private static JsonNode webhooks(Site site) throws IOException {
    return site.api().get("/stacks/keys/webhooks").expectingSuccess().json().path("items");
  }
}
