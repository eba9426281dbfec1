package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every view shows what is so now, and offers the button that solves a problem.
@ExtendWith(SharedBrowserExtension.class)
class AccurateStatusIT {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String WRONG_SECRET = "not the secret of its receiver";
  private static final String RIGHT_SECRET = "{\"secret\":\"" + SECRET + "\"}";
  private static final int PAUSE_AFTER = 10;

  /// More attempts than there are probes while a test runs, so that no delivery fails permanently.
  private static final int MANY_PROBES = 499;

  /// Creates a webhook whose deliveries fail until it gets the right secret.
  private static String createFailing(
      WebUiFixture fixture, String stack, Receiver receiver, String... retrySchedule)
      throws IOException {
    fixture.putStack(stack, stack);
    ObjectNode json =
        WebUiFixture.json()
            .put("endpoint", receiver.url())
            .put("name", "Chat")
            .put("secret", WRONG_SECRET);
    for (String delay : retrySchedule) {
      json.withArray("retrySchedule").add(delay);
    }
    json.withArray("retrySchedule");
    return fixture.createWebhook(stack, json);
  }

  private static void startRuns(WebUiFixture fixture, String stack, int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      fixture.api().startRun(stack, "run-" + i).requireSuccess();
    }
  }

  private static void repair(WebUiFixture fixture, String webhook) throws IOException {
    fixture.api().patch(WebUiFixture.pathOf(webhook), RIGHT_SECRET).requireSuccess();
  }

  @Test
  void the_progress_of_a_resend_survives_a_reload(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "progress", receiver);
      startRuns(fixture, "progress", 1);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Failed");
      String schedule = "{\"retrySchedule\":[\"5h\"]}";
      fixture.api().patch(WebUiFixture.pathOf(webhook), schedule).requireSuccess();
      browser.click("Resend deliveries…");
      browser.awaitText("1 delivery will be resent.");
      browser.click("Resend");
      browser.awaitText("Finished 0 of 1");

      browser.open(webhook + "/deliveries");

      browser.awaitText("Finished 0 of 1");
      repair(fixture, webhook);
      browser.click("Retry now");
      browser.awaitText("Delivered.");
    }
  }

  @Test
  void waiting_deliveries_are_retried_at_once_and_their_rows_stay_current(
      WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "waiting", receiver, "5h");
      startRuns(fixture, "waiting", 2);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Retrying");
      browser.control("Queued of run-2: Retrying");
      repair(fixture, webhook);

      browser.click("Queued of run-1: Retrying");
      browser.click("Retry now");
      browser.awaitText("Delivered");
      browser.control("#2 HTTP 204");
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-2: Retrying");
      fixture.api().post(WebUiFixture.pathOf(webhook) + "/retry", "").requireSuccess();
      browser.control("Queued of run-2: Delivered");
    }
  }

  @Test
  void a_paused_webhook_is_resumed(WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String[] hours = Collections.nCopies(MANY_PROBES, "5h").toArray(String[]::new);
      String webhook = createFailing(fixture, "paused", receiver, hours);
      startRuns(fixture, "paused", PAUSE_AFTER);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() ->
              fixture
                  .api()
                  .get(WebUiFixture.pathOf(webhook))
                  .requireSuccess()
                  .json()
                  .at("/status/state")
                  .asText()
                  .equals("PAUSED"));
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/receiver");
      browser.click("Send test event");
      browser.awaitText("HTTP 401");
      browser.open("#/stacks/paused/settings/integrations");
      browser.awaitText("Events are queued");
      browser.awaitText("Next probe at");
      repair(fixture, webhook);

      browser.click("Resume now: Chat");
      browser.awaitText("Webhook resumed");
      browser.awaitText("Events are delivered");
      browser.awaitText("Active");
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-10: Delivered");
    }
  }

  @Test
  void permanent_failures_are_counted_and_can_be_reviewed(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "failures", receiver);
      startRuns(fixture, "failures", 2);
      fixture.awaitStatus(webhook, "FAILED", 2);
      repair(fixture, webhook);
      fixture.api().startRun("failures", "run-3").requireSuccess();
      fixture.awaitStatus(webhook, "DELIVERED", 1);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open("#/stacks");
      browser.type("Search stacks", "failures");
      browser.awaitText("2 failed deliveries");

      browser.open("#/stacks/failures/settings/integrations");
      browser.awaitText(
          "2 deliveries failed permanently in the last 24 hours and were not resent.");
      browser.click("Review and resend: Chat");
      browser.control("Queued of run-1: Failed");
      assertThat(browser.hasControl("Queued of run-3: Delivered")).isFalse();

      browser.click("Queued of run-1: Failed");
      browser.awaitText("Why it failed");
      browser.back();
      browser.control("Queued of run-1: Failed");
      assertThat(browser.hasControl("Queued of run-3: Delivered")).isFalse();
      assertThat(browser.evaluate("document.querySelector('[name=status]').value"))
          .isEqualTo("NOT_RESENT");
    }
  }

  @Test
  void a_deleted_stack_does_not_look_alive(WebUiFixture fixture, Browser browser)
      throws IOException {
    fixture.putStack("gone", "Gone");
    String webhook =
        fixture.createWebhook(
            "gone", WebUiFixture.json().put("endpoint", "http://127.0.0.1:9/gone"));
    browser.signIn(WebUiFixture.ADMIN_TOKEN);
    browser.open(webhook + "/deliveries");
    browser.awaitText("No deliveries yet");

    fixture.api().delete("/stacks/gone").requireSuccess();

    browser.awaitText("Page not found");
    assertThat(browser.text()).doesNotContain("Live");
  }

  @Test
  void more_deliveries_than_a_page_are_reached_by_links(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "many", receiver);
      repair(fixture, webhook);
      startRuns(fixture, "many", 51);
      fixture.awaitStatus(webhook, "DELIVERED", 51);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-51: Delivered");
      assertThat(browser.findAll("tbody tr")).hasSize(50);

      browser.click("Older");
      browser.control("Queued of run-1: Delivered");
      assertThat(browser.findAll("tbody tr")).hasSize(1);
      browser.click("Newest");
      browser.control("Queued of run-51: Delivered");
    }
  }
}
