package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

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
      browser.emulate(1024, "light"); // a delivery opens on a page of its own
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
  void an_attempt_that_is_under_way_is_called_sending(WebUiFixture fixture, Browser browser)
      throws IOException {
    AtomicBoolean mayRespond = new AtomicBoolean();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          await().atMost(RunhookProcess.TIMEOUT).untilTrue(mayRespond);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    try {
      fixture.putStack("sending", "Sending");
      String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort();
      ObjectNode json = WebUiFixture.json().put("endpoint", endpoint).put("timeout", "30s");
      String webhook = fixture.createWebhook("sending", json);
      startRuns(fixture, "sending", 1);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open("#/stacks/sending/runs/run-1");
      browser.awaitText("1 sending");
      browser.open(webhook + "/deliveries");
      browser.click("Queued of run-1: Sending");

      browser.awaitText("Sending now: attempt 1.");
      browser.awaitText("The first attempt is under way.");
      assertThat(browser.text()).doesNotContain("Retrying", "No attempts yet", "Next attempt");
      assertThat(browser.hasControl("Retry now")).isFalse();
      browser.click("Request");
      browser.awaitText("Being sent to " + endpoint + " (attempt 1)");

      mayRespond.set(true);
      browser.awaitText("Delivered on attempt 1");
    } finally {
      mayRespond.set(true);
      receiver.stop(0);
    }
  }

  @Test
  void a_failed_delivery_that_was_resent_elsewhere_says_so(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "resent", receiver);
      startRuns(fixture, "resent", 1);
      fixture.awaitStatus(webhook, "FAILED", 1);
      repair(fixture, webhook);
      String list = WebUiFixture.pathOf(webhook) + "/deliveries";
      String failed = fixture.api().get(list).json().at("/items/0/id").asText();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries/" + failed);
      browser.awaitText("Why it failed");
      browser.control("Redeliver");

      fixture.api().post("/deliveries/" + failed + "/redeliver", "").requireSuccess();

      browser.awaitText(": delivered. View redelivery");
      browser.control("Redeliver again");
      browser.click("View redelivery");
      browser.awaitText("Original delivery");
      browser.open(webhook + "/deliveries");
      browser.control("Queued of run-1: Failed, resent ✓");
    }
  }

  @Test
  void deliveries_that_wait_are_canceled(WebUiFixture fixture, Browser browser) throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "canceled", receiver, "5h");
      startRuns(fixture, "canceled", 3);
      fixture.awaitStatus(webhook, "PENDING", 3);
      String list = WebUiFixture.pathOf(webhook) + "/deliveries";
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(
              () -> fixture.api().get(list).json().at("/items/0/phase").asText(),
              "RETRYING"::equals);
      String newest = fixture.api().get(list).json().at("/items/0/id").asText();
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.open(webhook + "/deliveries/" + newest);

      browser.click("Cancel delivery");
      browser.type("Reason", "the receiver was replaced");
      browser.click(By.cssSelector("dialog button.danger"));
      browser.awaitText("the receiver was replaced");
      browser.control("Redeliver");

      browser.navigate(webhook + "/deliveries");
      browser.click("Cancel deliveries…");
      browser.awaitText("2 deliveries will be canceled.");
      browser.click(By.cssSelector("dialog button.danger"));
      browser.awaitText("2 deliveries canceled.");
      fixture.awaitStatus(webhook, "CANCELED", 3);
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
      browser.awaitText("Paused");
      browser.awaitText("Next probe at");
      repair(fixture, webhook);

      browser.click("Resume now: Chat");
      browser.awaitText("Webhook resumed");
      browser.awaitText("Takes new events");
      browser.awaitText("Healthy");
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
      browser.emulate(1024, "light"); // a delivery opens on a page of its own
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
      assertThat(browser.evaluate("location.hash")).contains("status=NOT_RESENT");
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
  void finished_deliveries_of_a_deleted_stack_do_not_stay(WebUiFixture fixture, Browser browser)
      throws IOException {
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      String webhook = createFailing(fixture, "ended", receiver);
      startRuns(fixture, "ended", 1);
      fixture.awaitStatus(webhook, "FAILED", 1);
      browser.signIn(WebUiFixture.ADMIN_TOKEN);
      browser.emulate(1024, "light"); // a delivery opens on a page of its own
      browser.open("#/deliveries?stack=ended");
      browser.click("Queued of run-1: Failed");
      browser.awaitText("Why it failed");

      fixture.api().delete("/stacks/ended").requireSuccess();

      browser.awaitText("Page not found");
    }
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
      browser.awaitText("Created ");
      assertThat(browser.findAll(".live")).isEmpty();
      browser.click("Newest");
      browser.control("Queued of run-51: Delivered");
      browser.await(By.cssSelector(".live.on"));
    }
  }
}
