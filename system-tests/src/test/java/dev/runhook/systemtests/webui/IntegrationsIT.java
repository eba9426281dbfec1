package dev.runhook.systemtests.webui;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

/// The list of the webhooks of a stack, and their settings for users who may not change them.
@ExtendWith(SharedBrowserExtension.class)
class IntegrationsIT {
  private static final String SECRET = "It's a Secret to Everybody";

  private static ObjectNode webhookJson(String endpoint, String name) {
    return WebUiFixture.json().put("endpoint", endpoint).put("secret", SECRET).put("name", name);
  }

  @Test
  void forty_webhooks_fit_in_short_rows_and_are_searched(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("forty", "Forty");
    for (int number = 1; number <= 40; number++) {
      fixture.createWebhook("forty", webhookJson("http://127.0.0.1:9/" + number, "Hook " + number));
    }
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/stacks/forty/settings/integrations");
    browser.awaitText("Hook 40");
    int height = Integer.parseInt(browser.evaluate("document.documentElement.scrollHeight"));
    assertThat(height).isLessThan(40 * 95);

    browser.type("Search webhooks", "hook 17");
    browser.awaitValue("document.querySelectorAll('tbody tr').length", "1");
    browser.awaitValue("location.hash.split('?')[1]", "search=hook%2017");
    browser.click(By.cssSelector("button[role=switch]"));
    browser.awaitText("Takes no new events");
    assertThat(browser.await(By.cssSelector("button[role=switch]")).getAccessibleName())
        .isEqualTo("Enabled: Hook 17");
    browser.click("Edit Hook 17");
    browser.back();
    browser.awaitValue("document.querySelectorAll('tbody tr').length", "1");
  }

  @Test
  void a_row_shows_the_last_attempt_the_success_rate_and_failures(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("rates", "Rates");
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String good = fixture.createWebhook("rates", webhookJson(receiver.url(), "Good"));
      String bad =
          fixture.createWebhook(
              "rates", webhookJson(receiver.url() + "/x", "Bad").put("secret", "another secret"));
      fixture.api().startRun("rates", "run-1").requireSuccess();
      fixture.awaitStatus(good, "DELIVERED", 1);
      fixture.awaitStatus(bad, "FAILED", 1);
    }
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate("#/stacks/rates/settings/integrations");

    browser.awaitText("100 %");
    browser.awaitText("0 %");
    browser.awaitText("1 delivery failed permanently in the last 24 hours and was not resent.");
    assertThat(browser.text()).doesNotContain("Never");
  }

  @Test
  void a_reader_sees_all_settings(WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("readable", "Readable");
    ObjectNode json = webhookJson("http://127.0.0.1:9/readable", "Readable").put("timeout", "25s");
    json.putArray("states").add("PENDING_REVIEW");
    json.putArray("types").add("TRACKED");
    json.put("driftDetection", false).putObject("headers").put("X-Team", "network");
    json.put("delta", true).putArray("branches").add("release/*").add("!release/old");
    json.putArray("previousStates").add("APPLYING");
    json.putArray("stackLabels").add("prod");
    String webhook = fixture.createWebhook("readable", json);
    browser.signIn(fixture.createToken("reader"));
    browser.navigate(webhook);

    browser.awaitText("Pending Review");
    assertThat(browser.text())
        .contains("Tracked", "Exclude drift detection", "X-Team", "25s")
        .contains("!release/old, release/*", "Applying", "Only runs that change resources", "prod")
        .contains("100ms (the server's default)")
        .doesNotContain("network");
    assertThat(browser.findAll("main input")).isEmpty();
  }

  @Test
  void the_form_shows_the_timeout_and_the_schedule_that_apply(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("applied", "Applied");
    String webhook =
        fixture.createWebhook("applied", webhookJson("http://127.0.0.1:9/applied", "Applied"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook);
    browser.click("Events, filters, headers, timeout, retries and rate");

    assertThat(browser.field("Timeout").getDomAttribute("placeholder")).isEqualTo("10s");
    assertThat(browser.field("Retry schedule").getDomAttribute("placeholder")).isEqualTo("100ms");
  }

  @Test
  void filters_are_edited_in_a_section_that_is_collapsed_until_they_are_used(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("filtered", "Filtered");
    String webhook =
        fixture.createWebhook("filtered", webhookJson("http://127.0.0.1:9/filtered", "Filtered"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook);
    browser.click("Events, filters, headers, timeout, retries and rate");
    browser.awaitValue("document.querySelector('[name=branches]').checkVisibility()", "false");
    browser.click("Filter by branch, previous state, changes or label");
    browser.type("Branches", "main\nrelease/[0-9]");
    browser.click("Save");
    browser.awaitText("Number 2 must not have \"[\" at character 9; use * or **.");

    browser.type("Branches", "main\nrelease/*");
    browser.type("Required stack labels", "prod");
    browser.click("Save");
    browser.awaitText("Saved");
    browser.navigate("#/stacks/filtered/settings/integrations");
    browser.awaitText("All run states · branches \u2068main, release/*\u2069 · stack labels");
    fixture.api().startRun("filtered", "run-1").requireSuccess();
    browser.navigate("#/stacks/filtered/runs/run-1");
    browser.click("Filtered, Queued: Not sent");
    browser.awaitText("the stack lacks the required labels");
    browser.navigate(webhook);

    assertThat(browser.field("Branches").getDomProperty("value")).isEqualTo("main\nrelease/*");
  }

  @Test
  void the_events_of_a_webhook_are_chosen_and_shown_in_the_list(
      WebUiFixture fixture, Browser browser) throws IOException {
    fixture.putStack("events", "Events");
    String webhook = fixture.createWebhook("events", webhookJson("http://127.0.0.1:9/", "Alerts"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.navigate(webhook);
    browser.click("Events, filters, headers, timeout, retries and rate");
    browser.click(By.cssSelector("input[name=events][value=run_state_changed]"));
    browser.click("Save");
    browser.awaitText("has at least one event");
    browser.click(By.cssSelector("input[name=events][value=webhook_paused]"));
    browser.click(By.cssSelector("input[name=events][value=webhook_disabled]"));
    browser.click("Save");
    browser.awaitText("Saved");
    fixture.api().startRun("events", "run-1").requireSuccess();

    browser.navigate("#/stacks/events/settings/integrations");
    browser.awaitText("No run states · Webhook Paused · Webhook Disabled");
    browser.navigate("#/stacks/events/runs/run-1");
    browser.click("Alerts, Queued: Not sent");
    browser.awaitText("“Run State Changed” is not among this webhook's events");
    browser.navigate(webhook);
    browser.awaitText("a user disabled a webhook, or its receiver responded with 410 Gone");
  }

  @Test
  void a_format_is_previewed_and_receivers_get_it(WebUiFixture fixture, Browser browser)
      throws Exception {
    BlockingQueue<ReceivedDelivery> deliveries = new LinkedBlockingQueue<>();
    fixture.putStack("formats", "Formats");
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add)) {
      String webhook = fixture.createWebhook("formats", webhookJson(receiver.url(), "Chat"));
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.navigate(webhook);
      browser.click(By.cssSelector("option[value=template]"));
      browser.type("Template", "{\"content\": {{title}}}");
      browser.click("Preview");
      browser.awaitText("The result of the template is not JSON");
      browser.click("Save");
      browser.awaitText("The result of the template is not JSON");

      browser.click(By.cssSelector("option[value=slack]"));
      browser.click("Preview");
      browser.awaitText("Run failed on Formats");
      browser.click("Save");
      browser.awaitText("Saved");
      fixture.api().startRun("formats", "run-1").requireSuccess();

      ReceivedDelivery delivery =
          requireNonNull(deliveries.poll(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS));
      assertThat(delivery.verification().isVerified()).isTrue();
      assertThat(delivery.body()).contains("\"blocks\":", "Run queued on Formats");
      browser.navigate(webhook + "/deliveries");
      browser.click("Queued of run-1: Delivered");
      browser.click("Request");
      browser.awaitText("Run queued on Formats");
    }
  }

  @Test
  void a_pagerduty_webhook_requires_an_integration_key_and_its_deliveries_hide_it(
      WebUiFixture fixture, Browser browser) throws Exception {
    String key = "R0123456789abcdefghijKLMNOPQRSTU";
    BlockingQueue<ReceivedDelivery> deliveries = new LinkedBlockingQueue<>();
    fixture.putStack("pager", "Pager");
    try (Receiver receiver = Receiver.start(0, key, deliveries::add)) {
      String webhook = fixture.createWebhook("pager", webhookJson(receiver.url(), "Pager"));
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.navigate(webhook);
      browser.click(By.cssSelector("option[value=pagerduty]"));
      browser.click("Preview");
      browser.awaitText("info · acme/pager"); // of a test
      browser.type("Integration key", "too short");
      browser.click("Save");
      browser.awaitText(
          "is the integration key of a PagerDuty service"); // the hint is shown earlier
      browser.type("Integration key", key);
      browser.click("Save");
      browser.awaitText("Saved");
      fixture.api().startRun("pager", "run-1").requireSuccess();
      fixture.api().recordTransition("pager", "run-1", "FAILED", 2).requireSuccess();

      ReceivedDelivery delivery =
          requireNonNull(deliveries.poll(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS));
      assertThat(delivery.verification().isVerified()).isTrue();
      assertThat(delivery.body()).contains(key, "Run failed on Pager");
      browser.navigate(webhook + "/deliveries");
      browser.click("Failed of run-1: Delivered");
      browser.click("Request");
      browser.awaitText("\"routing_key\": \"********************************\"");
      browser.navigate("#/stacks/pager/runs/run-1");
      browser.click("Pager, Queued: Not sent");
      browser.awaitText("the webhook's format has no message for “Queued”");
    }
  }

  @Test
  void filters_are_tried_while_they_are_edited(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("tried", "Tried");
    fixture.api().startRun("tried", "try-1").requireSuccess();
    String webhook =
        fixture.createWebhook(
            "tried", WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/tried"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook);
    browser.click("Events, filters, headers, timeout, retries and rate");

    browser.awaitText("1 of 1 event of the last 7 days, about 1 a day.");
    browser.click("Filter by branch, previous state, changes or label");
    browser.type("Branches", "release/*");
    browser.awaitText("0 of 1 event of the last 7 days, about 0 a day instead of 1.");
    browser.awaitText("What changes: 1 event");
    browser.awaitText("is not among this webhook's branches: release/*.");
    browser.click("Look back 30 days");
    browser.control("Look back 7 days");
    browser.evaluate("window.scrollTo(0, 0)"); // the header covers no field there
    assertThat(browser.seriousViolations()).isEmpty();
  }
}
