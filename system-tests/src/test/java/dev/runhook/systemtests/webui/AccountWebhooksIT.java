package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/// The webhooks of an account in the web UI, and their copies on stacks.
@ExtendWith(SharedBrowserExtension.class)
class AccountWebhooksIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final By CONFIRM = By.cssSelector("dialog button[type=submit]");

  @Test
  void an_account_webhook_is_previewed_added_seen_on_a_stack_and_deleted(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("covered-1", "Covered");
    fixture.putStack("covered-2", "Also covered");
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/account/webhooks");
    browser.awaitText("No account webhooks yet");
    browser.click("Add webhook");
    browser.type("Ids of the stacks", "covered-*");
    browser.click("Show matching stacks");
    browser.awaitText("2 stacks: covered-1, covered-2");
    browser.type("Endpoint", "https://hooks.example.com/all");
    browser.type("Labels of the stacks", "prod and");
    browser.click("Add webhook");
    browser.awaitText("needs a label before the end");
    browser.type("Labels of the stacks", "");
    browser.type("Name", "Chat of all");
    browser.click(By.cssSelector("option[value=slack]"));
    browser.click("Preview");
    browser.awaitText("Run failed on Example");
    browser.click("Events, filters, headers, timeout, retries and rate");
    browser.click(By.cssSelector("input[name=events][value=webhook_disabled]"));
    browser.click("Add webhook");
    browser.awaitText("Webhook added.");
    browser.awaitText("2 stacks");
    browser.navigate("#/account/webhooks");
    browser.awaitText("All run states · Webhook Disabled");

    browser.navigate("#/stacks/covered-1/settings/integrations");
    browser.awaitText("Covered by an account webhook");
    assertThat(browser.hasControl("Enabled: Chat of all")).isFalse();
    browser.click("Settings Chat of all");
    browser.awaitText("This is a copy of an account webhook");
    browser.awaitText("only the account webhook shows it");
    assertThat(browser.hasControl("Show the secret")).isFalse();
    assertThat(browser.hasControl("Delete webhook")).isFalse();
    browser.click("Covered by an account webhook");

    browser.awaitText("Ids of the stacks");
    browser.type("Name", "Chat of some");
    browser.type("Ids of the stacks", "covered-2");
    browser.click("Save");
    browser.awaitText("Saved");
    JsonNode first = fixture.api().get("/stacks/covered-1/webhooks").requireSuccess().json();
    JsonNode second = fixture.api().get("/stacks/covered-2/webhooks").requireSuccess().json();
    assertThat(first.path("items")).isEmpty();
    assertThat(second.at("/items/0/name").asText()).isEqualTo("Chat of some");

    browser.click("Delete webhook");
    browser.click(CONFIRM);
    browser.awaitText("No account webhooks yet");
    browser.navigate("#/stacks/covered-2/settings/integrations");
    browser.awaitText("No webhooks yet");
  }

  @Test
  void an_account_webhook_without_copies_is_tested(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String id = createAlerts(fixture, receiver.url(), "no-such-stack");
      browser.signIn(WebUiFixture.ADMIN_TOKEN);

      browser.navigate("#/account/webhooks/" + id);
      browser.click("Send test event");

      browser.awaitText("HTTP 204 delivered");
      fixture.api().delete("/account-webhooks/" + id).requireSuccess();
    }
  }

  @Test
  void an_alert_about_a_paused_webhook_is_found_among_state_changes_and_opened(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("alerted", "Alerted");
    try (Receiver alerts = Receiver.start(0, SECRET, _ -> {});
        Receiver failing = Receiver.start(0, "not the secret of the webhook", _ -> {})) {
      String alertsId = createAlerts(fixture, alerts.url(), "alerted");
      ObjectNode gate = webhookJson(failing.url() + "?key=7", "Gate");
      Collections.nCopies(15, "1ms").forEach(gate.putArray("retrySchedule")::add);
      fixture.createWebhook("alerted", gate);
      fixture.api().startRun("alerted", "run-1").requireSuccess();
      browser.signIn(fixture.createToken("reader", "alerted"));

      browser.emulate(1024, "light"); // a delivery opens on a page of its own
      browser.navigate("#/deliveries");
      browser.control("run-1");
      browser.type("Filter", "event:webhook_paused");
      browser.pressKeys(Keys.ENTER);
      browser.click("Webhook Paused: Delivered");

      browser.awaitText("for the event Webhook Paused");
      browser.click("Request");
      browser.awaitText("\"failures\": 10");
      assertThat(browser.text()).doesNotContain("key=7");
      browser.click("Gate");
      browser.awaitText("key=7");
      fixture.api().delete("/account-webhooks/" + alertsId).requireSuccess();
    }
  }

  /// Creates an account webhook for the state changes of a stack and the webhooks that are paused.
  private static String createAlerts(WebUiFixture fixture, String endpoint, String stack)
      throws IOException {
    ObjectNode json = webhookJson(endpoint, "Alerts");
    json.putObject("selector").putArray("stacks").add(stack);
    json.putArray("events").add("run_state_changed").add("webhook_paused");
    JsonNode created =
        fixture.api().post("/account-webhooks", json.toString()).requireSuccess().json();
    return created.path("id").asText();
  }

  private static ObjectNode webhookJson(String endpoint, String name) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET).put("name", name);
  }
}
