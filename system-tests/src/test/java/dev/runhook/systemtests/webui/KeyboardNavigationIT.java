package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// Manages a webhook by keyboard, from its creation to its deletion. The test clicks nothing, and
/// only the page sets the focus.
@ExtendWith(SharedBrowserExtension.class)
class KeyboardNavigationIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By DIALOG = By.cssSelector("dialog[open]");

  @Test
  void a_webhook_is_managed_by_keyboard_only(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("keys", "Only keys");
    Keyboard keys = new Keyboard(browser);
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      signIn(browser, keys);
      addWebhook(browser, keys, receiver.url());
      toggleInList(browser, keys, "Enabled: " + receiver.url());
      keys.tabTo("Edit " + receiver.url());
      keys.press(Keys.ENTER);
      browser.awaitText("Delete this webhook");
      toggleInWebhook(fixture, browser, keys);
      regenerateSecret(fixture, browser, keys);
      deleteWebhook(fixture, browser, keys);

      keys.shiftTabTo("Sign out");
      keys.press(Keys.SPACE);
      browser.awaitText("You are signed out.");
      keys.awaitFocus("Token");
    }
  }

  @Test
  void single_keys_move_in_lists_and_lead_to_the_search(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("keys-1", "First of two");
    fixture.putStack("keys-2", "Second of two");
    Keyboard keys = new Keyboard(browser);
    browser.signIn(fixture.createToken("reader", "keys-1", "keys-2"));
    browser.navigate("#/stacks");
    browser.awaitText("Second of two");

    keys.press("j", "j");
    keys.awaitFocus("Second of two");
    keys.press("k");
    keys.awaitFocus("First of two");
    keys.press("/");
    keys.awaitFocus("Search stacks");
    keys.press("jk/?");
    browser.awaitText("No matches");
    assertThat(browser.field("Search stacks").getDomProperty("value")).isEqualTo("jk/?");
    browser.open("#/stacks");
    browser.awaitText("First of two");
    keys.press("?");
    browser.await(DIALOG);
    browser.awaitText("Next and previous row of a list");
    keys.awaitFocus("Close");
    keys.press(Keys.ENTER);
    browser.awaitValue("document.querySelectorAll('dialog').length", "0");
    keys.press("j", Keys.ENTER);
    browser.awaitText("No runs yet");
  }

  @Test
  void single_keys_can_be_switched_off(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("keys-off", "Without keys");
    Keyboard keys = new Keyboard(browser);
    browser.signIn(fixture.createToken("reader", "keys-off"));
    browser.navigate("#/stacks");
    browser.awaitText("Without keys");
    keys.tabTo("Keyboard shortcuts");
    keys.press(Keys.ENTER);
    keys.awaitFocus("Close");
    keys.shiftTabTo("Use keys without Ctrl or ⌘");
    keys.press(Keys.SPACE, Keys.ESCAPE);
    browser.awaitValue("document.querySelectorAll('dialog').length", "0");

    keys.press("/", "j", "?");

    keys.awaitFocus("Keyboard shortcuts");
    assertThat(browser.findAll("dialog")).isEmpty();
  }

  @Test
  void exact_times_are_shown_by_keyboard(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("times", "With times");
    fixture.api().startRun("times", "run-1").requireSuccess();
    Keyboard keys = new Keyboard(browser);
    browser.signIn(fixture.createToken("reader", "times"));
    browser.awaitText("run-1");
    String time = "document.querySelector('main rh-time')";
    String exact = time + ".querySelector('time').title.startsWith(" + time + ".textContent)";
    assertThat(browser.evaluate(exact)).isEqualTo("false");

    keys.activate("Show exact times");

    assertThat(browser.evaluate(exact)).isEqualTo("true");
    browser.open("#/");
    browser.awaitText("run-1");
    assertThat(browser.evaluate(exact)).isEqualTo("true");
    keys.activate("Show relative times");
    assertThat(browser.evaluate(exact)).isEqualTo("false");
  }

  private static void signIn(Browser browser, Keyboard keys) {
    browser.open("");
    keys.awaitFocus("Token");
    keys.press(WebUiFixture.ADMIN_TOKEN, Keys.ENTER);
    browser.control("Sign out");
    browser.awaitValue("document.activeElement.tagName", "H1");
    keys.shiftTabTo("Stacks"); // after the last link of a page, Tab leads out of it
    keys.press(Keys.ENTER);
    keys.awaitFocus("Stacks");
  }

  private static void addWebhook(Browser browser, Keyboard keys, String endpoint) {
    keys.press("/");
    keys.awaitFocus("Search stacks");
    keys.press("Only keys");
    browser.awaitValue("document.querySelectorAll('tbody tr').length", "1");
    keys.activate("Only keys");
    keys.awaitFocus("Only keys");
    keys.shiftTabTo("Settings");
    keys.press(Keys.ENTER);
    browser.awaitText("No webhooks yet");
    keys.shiftTabTo("Integrations");
    keys.press(Keys.ENTER);
    keys.activate("Add webhook");
    keys.awaitFocus("Endpoint");
    keys.press(endpoint);
    keys.tabTo("Secret");
    keys.press(SECRET);
    keys.tabTo("Show the secret");
    keys.press(Keys.SPACE);
    assertThat(browser.field("Secret").getDomAttribute("type")).isEqualTo("text");
    assertThat(keys.focusedName()).isEqualTo("Hide the secret");
    keys.tabTo("Events, filters, headers, timeout, retries and rate");
    keys.press(Keys.SPACE);
    keys.tabTo("Finished");
    keys.press(Keys.SPACE);
    keys.activate("Add webhook");
    browser.awaitText("Webhook added");
    keys.awaitFocus(endpoint);
    keys.shiftTabTo("Integrations");
    keys.press(Keys.ENTER);
    keys.awaitFocus("Only keys");
    browser.awaitText(endpoint);
    browser.awaitText("Finished");
  }

  /// The list is rendered again and keeps the focus.
  private static void toggleInList(Browser browser, Keyboard keys, String name) {
    keys.tabTo(name);
    keys.press(Keys.SPACE);
    browser.awaitText("Takes no new events");
    browser.awaitText("Disabled");
    keys.awaitFocus(name);
    keys.press(Keys.SPACE);
    browser.awaitText("Takes new events");
    browser.awaitText("Nothing sent yet");
    keys.awaitFocus(name);
  }

  private static void toggleInWebhook(WebUiFixture fixture, Browser browser, Keyboard keys)
      throws IOException {
    keys.tabTo("Enabled");
    assertThat(browser.focused().getDomAttribute("aria-checked")).isEqualTo("true");
    keys.press(Keys.SPACE);
    browser.awaitText("Takes no new events");
    assertThat(keys.focusedName()).isEqualTo("Enabled");
    assertThat(browser.focused().getDomAttribute("aria-checked")).isEqualTo("false");
    assertThat(webhooks(fixture).path(0).path("enabled").asBoolean()).isFalse();
    keys.press(Keys.ENTER);
    browser.awaitText("Takes new events");
    assertThat(browser.focused().getDomAttribute("aria-checked")).isEqualTo("true");
    assertThat(webhooks(fixture).path(0).path("enabled").asBoolean()).isTrue();
  }

  /// A dialog keeps the focus until it is closed and then restores it.
  private static void regenerateSecret(WebUiFixture fixture, Browser browser, Keyboard keys)
      throws IOException {
    keys.shiftTabTo("Rotate secret");
    keys.press(Keys.ENTER);
    browser.await(DIALOG);
    keys.awaitFocus("New secret");
    assertThat(keys.tabThrough(4))
        .isEqualTo(
            List.of("Keep the old secret valid for", "Rotate secret", "Cancel", "New secret"));
    keys.press(Keys.ESCAPE);
    keys.awaitFocus("Rotate secret");
    assertThat(browser.findAll("dialog")).isEmpty();
    assertThat(secret(fixture)).isEqualTo(SECRET);

    keys.press(Keys.ENTER);
    keys.awaitFocus("New secret");
    keys.press(Keys.TAB);
    keys.awaitFocus("Keep the old secret valid for");
    keys.press(Keys.ARROW_DOWN);
    keys.activate("Rotate secret");
    browser.awaitText("Give this secret to the receiver.");
    keys.activate("Close");
    keys.awaitFocus("Rotate secret");
    assertThat(secret(fixture)).startsWith("whsec_");
    browser.awaitText("in 59 min");
  }

  /// The dialog initially focuses the button that changes nothing.
  private static void deleteWebhook(WebUiFixture fixture, Browser browser, Keyboard keys)
      throws IOException {
    keys.activate("Delete webhook");
    browser.await(DIALOG);
    keys.awaitFocus("Cancel");
    keys.press(Keys.ENTER);
    keys.awaitFocus("Delete webhook");
    assertThat(webhooks(fixture)).hasSize(1);

    keys.press(Keys.ENTER);
    keys.awaitFocus("Cancel");
    keys.shiftTabTo("Delete webhook");
    keys.press(Keys.SPACE);
    browser.awaitText("No webhooks yet");
    keys.awaitFocus("Only keys");
    assertThat(webhooks(fixture)).isEmpty();
  }

  private static String secret(WebUiFixture fixture) throws IOException {
    String webhook = webhooks(fixture).path(0).path("id").asText();
    return fixture
        .api()
        .get("/stacks/keys/webhooks/" + webhook + "/secret")
        .requireSuccess()
        .json()
        .path("secret")
        .asText();
  }

  private static JsonNode webhooks(WebUiFixture fixture) throws IOException {
    return fixture.api().get("/stacks/keys/webhooks").requireSuccess().json().path("items");
  }
}
