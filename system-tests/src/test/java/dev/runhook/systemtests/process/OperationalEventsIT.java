package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An account webhook gets signed events about the other webhooks of its stacks.
class OperationalEventsIT {
  /// More than a process leases of one webhook at once.
  private static final int LATE_RUNS = 12;

  private static final String EVENTS =
      """
      ["webhook_paused","webhook_resumed","webhook_disabled","delivery_failed","secret_rotated","queue_lagging"]\
      """;

  @TempDir private Path folder = Path.of(".");

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void another_webhook_gets_an_event_about_each_problem_of_a_webhook(int buckets)
      throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    try (ServerInstallation installation = install(buckets);
        RecordingReceiver alerts = RecordingReceiver.accepting();
        RecordingReceiver failing =
            RecordingReceiver.respondingWith(index -> index < 2 ? 500 : 204);
        RecordingReceiver gone = RecordingReceiver.respondingWith(_ -> 410);
        RecordingReceiver slow = RecordingReceiver.respondingAfter(gate)) {
      RunhookProcess server = installation.serve();
      ApiClient client = new ApiClient(server.url(), server.printedToken());
      for (String stack : List.of("one", "two", "three")) {
        client.putStack(stack);
      }
      createAlerts(client, alerts);

      String unreliable = client.createWebhook("one", failing.url(), RecordingReceiver.SECRET);
      client.startRun("one", "run-1").requireSuccess();
      awaitEvents(alerts, unreliable, "delivery_failed", "webhook_paused");
      client.startRun("one", "run-2").requireSuccess();
      awaitEvents(alerts, unreliable, "delivery_failed", "webhook_paused", "webhook_resumed");
      client
          .post("/stacks/one/webhooks/" + unreliable + "/secret", "{\"overlap\":\"1h\"}")
          .requireSuccess();
      awaitEvents(
          alerts,
          unreliable,
          "delivery_failed",
          "webhook_paused",
          "webhook_resumed",
          "secret_rotated");

      String ended = client.createWebhook("two", gone.url(), RecordingReceiver.SECRET);
      client.startRun("two", "run-1").requireSuccess();
      awaitEvents(alerts, ended, "webhook_disabled");

      String late = client.createWebhook("three", slow.url(), RecordingReceiver.SECRET);
      for (int run = 0; run < LATE_RUNS; run++) {
        client.startRun("three", "run-" + run).requireSuccess();
      }
      awaitEvents(alerts, late, "queue_lagging");
      gate.countDown();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> slow.acceptedDeliveries() == LATE_RUNS);

      assertThat(alerts.requests()).hasSize(6).allMatch(ReceivedRequest::verified);
    }
  }

  private ServerInstallation install(int buckets) {
    return ServerInstallation.withPreparedDatabase(
        folder,
        Map.of(
            "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
            "RUNHOOK_BUCKETS", Integer.toString(buckets),
            "RUNHOOK_RETRY_SCHEDULE", "200ms",
            "RUNHOOK_PAUSE_AFTER", "2",
            "RUNHOOK_TIMEOUT", "30s",
            "RUNHOOK_LAGGING_AFTER", "1s",
            "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "1"));
  }

  private static void createAlerts(ApiClient client, RecordingReceiver alerts) throws IOException {
    client
        .post(
            "/account-webhooks",
            "{\"selector\":{},\"endpoint\":\"%s\",\"secret\":\"%s\",\"events\":%s}"
                .formatted(alerts.url(), RecordingReceiver.SECRET, EVENTS))
        .requireSuccess();
  }

  /// Waits until exactly these events about a webhook have arrived, in any order.
  private static void awaitEvents(RecordingReceiver alerts, String webhook, String... events) {
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .untilAsserted(
            () -> assertThat(eventsAbout(alerts, webhook)).containsExactlyInAnyOrder(events));
  }

  private static List<String> eventsAbout(RecordingReceiver alerts, String webhook) {
    return alerts.requests().stream()
        .filter(request -> request.bodyText().contains("\"webhook\":{\"id\":\"" + webhook + "\""))
        .map(request -> request.header("x-runhook-event"))
        .toList();
  }
}
