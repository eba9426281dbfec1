package dev.runhook.systemtests.webui;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.diagnosis.receiver.ReceivedDelivery;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/// Manages a webhook in the web UI, from its creation to its deletion.
@ExtendWith(SharedBrowserExtension.class)
class WebhookLifecycleIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String GREEN = "31, 138, 76";
  private static final String GRAY = "138, 141, 144";

  /// Sorts before the stacks of other tests, so that it is on the first page of the list.
  private static final String STACK = "0-networking";

  private static final String LIST = "#/stacks/" + STACK + "/settings/integrations";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  private final BlockingQueue<ReceivedDelivery> deliveries = new LinkedBlockingQueue<>();

  @Test
  void a_webhook_is_added_disabled_enabled_given_a_new_secret_and_deleted(
      WebUiFixture fixture, Browser browser) throws Exception {
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add)) {
      fixture.putStack(STACK, "Networking");
      fixture.api().startRun(STACK, "run-1").requireSuccess();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);

      addWebhook(browser, receiver);
      disable(fixture, browser, receiver);
      enable(fixture, browser);
      checkReaderView(fixture, browser, receiver);
      regenerateSecret(fixture, browser, receiver);
      deleteWebhook(fixture, browser);
    }
  }

  @Test
  void a_webhook_is_added_disabled_enabled_and_edited_by_touch_on_a_phone(
      WebUiFixture fixture, Browser browser) throws Exception {
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add)) {
      fixture.putStack("0-phone", "Phone");
      Touch touch = new Touch(browser);
      browser.open("");
      touch.type("Token", WebUiFixture.ADMIN_TOKEN);
      touch.tap("Sign in");
      touch.tap("Stacks");
      touch.tap("Phone");
      touch.tap("Settings");
      touch.tap("Integrations");
      touch.tap("Add webhook");
      touch.type("Endpoint", receiver.url());
      touch.type("Secret", SECRET);
      touch.tap("Add webhook");
      browser.awaitText("Webhook added");
      touch.tap("Show the complete path");
      touch.tap("Integrations");
      browser.awaitText(receiver.url());

      WebElement toggle =
          browser.await(By.cssSelector("rh-switch[label^='Enabled: '] button[role=switch]"));
      touch.tap(toggle);
      browser.awaitText("Takes no new events");
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> toggle.getCssValue("background-color").contains(GRAY));
      touch.tap(toggle);
      browser.awaitText("Takes new events");
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> toggle.getCssValue("background-color").contains(GREEN));

      touch.tap("Edit " + receiver.url());
      touch.tap("Show the secret");
      browser.awaitText(SECRET);
    }
  }

  /// Opens the integrations of the stack, adds a webhook and finds it in the list.
  private static void addWebhook(Browser browser, Receiver receiver) {
    browser.click("Stacks");
    browser.click("Networking");
    browser.click("Settings");
    browser.click("Integrations");
    browser.click("Add webhook");
    browser.type("Endpoint", receiver.url());
    browser.type("Secret", SECRET);
    browser.click("Add webhook");

    browser.awaitText("Webhook added");
    browser.click("Integrations");
    browser.awaitText(receiver.url());
  }

  /// Disables the webhook: the switch becomes gray and nothing is delivered.
  private void disable(WebUiFixture fixture, Browser browser, Receiver receiver)
      throws IOException {
    browser.click("Edit " + receiver.url());
    awaitToggle(browser, "true", GREEN, "Takes new events");
    toggle(browser).click();
    awaitToggle(browser, "false", GRAY, "Takes no new events");

    JsonNode moved =
        fixture.api().recordTransition(STACK, "run-1", "PREPARING", 2).requireSuccess().json();
    assertThat(moved.path("deliveries").asInt()).isZero();
  }

  /// Enables the webhook: the switch becomes green and the next transition is the first delivery.
  private void enable(WebUiFixture fixture, Browser browser) throws Exception {
    toggle(browser).click();
    awaitToggle(browser, "true", GREEN, "Takes new events");

    JsonNode moved =
        fixture.api().recordTransition(STACK, "run-1", "PLANNING", 3).requireSuccess().json();
    assertThat(moved.path("deliveries").asInt()).isOne();
    ReceivedDelivery delivery =
        requireNonNull(deliveries.poll(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    assertThat(delivery.body()).contains("\"stateVersion\":3");
    assertThat(delivery.verification().isVerified()).isTrue();
  }

  /// A reader sees the secret but no action that requires another role.
  private static void checkReaderView(WebUiFixture fixture, Browser browser, Receiver receiver)
      throws IOException {
    browser.click("Sign out");
    browser.awaitText("You are signed out.");
    browser.signIn(fixture.createToken("reader"));
    browser.open(LIST);
    browser.control("Settings " + receiver.url());
    assertThat(browser.hasControl("Add webhook")).isFalse();
    assertThat(browser.findAll("rh-switch")).isEmpty();
    browser.click("Settings " + receiver.url());
    browser.click("Show the secret");
    browser.awaitText(SECRET);

    assertThat(browser.findAll("rh-switch")).isEmpty();
    assertThat(browser.text()).doesNotContain("Edit");
    browser.click("Deliveries");
    browser.awaitText("Delivered");
    assertThat(browser.hasControl("Send test event")).isFalse();
    assertThat(browser.hasControl("Resend deliveries…")).isFalse();
    browser.click("Sign out");
    browser.awaitText("You are signed out.");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
  }

  private static void regenerateSecret(WebUiFixture fixture, Browser browser, Receiver receiver)
      throws IOException {
    browser.open(LIST);
    browser.click("Edit " + receiver.url());
    browser.click("Rotate secret");
    browser.awaitText("Receivers that verify those headers");
    browser.click(CONFIRM);
    browser.awaitText("Give this secret to the receiver.");

    String secret = secret(fixture);
    assertThat(secret).startsWith("whsec_");
    browser.awaitText(secret);
    browser.click("Close");
  }

  private static void deleteWebhook(WebUiFixture fixture, Browser browser) throws IOException {
    browser.click("Delete webhook");
    browser.awaitText("Delete this webhook?");
    browser.click(CONFIRM);

    browser.awaitText("No webhooks yet");
    assertThat(webhooks(fixture)).isEmpty();
  }

  private static String secret(WebUiFixture fixture) throws IOException {
    String webhook = webhooks(fixture).path(0).path("id").asText();
    return fixture
        .api()
        .get("/stacks/" + STACK + "/webhooks/" + webhook + "/secret")
        .requireSuccess()
        .json()
        .path("secret")
        .asText();
  }

  private static JsonNode webhooks(WebUiFixture fixture) throws IOException {
    return fixture
        .api()
        .get("/stacks/" + STACK + "/webhooks")
        .requireSuccess()
        .json()
        .path("items");
  }

  private static WebElement toggle(Browser browser) {
    return browser.await(By.cssSelector("rh-switch[label=Enabled] button[role=switch]"));
  }

  private static void awaitToggle(Browser browser, String checked, String color, String words) {
    browser.awaitText(words);
    assertThat(toggle(browser).getDomAttribute("aria-checked")).isEqualTo(checked);
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> toggle(browser).getCssValue("background-color").contains(color));
  }
}
