package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Receivers that accept only some requests a second, and that want only the newest state after an
/// outage.
class PacingIT {
  private static final int PER_SECOND = 4;
  private static final int RUNS = 9;

  @TempDir private Path folder = Path.of(".");
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private ApiClient client = new ApiClient("", "");

  @BeforeEach
  void open() throws IOException {
    installation =
        ServerInstallation.withPreparedDatabase(
            folder,
            Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8", "RUNHOOK_RETRY_SCHEDULE", "2s"));
    RunhookProcess server = installation.serve();
    client = new ApiClient(server.url(), server.printedToken());
    client.putStack("demo");
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void requests_are_spread_evenly_over_time_instead_of_failing() throws IOException {
    Queue<Instant> times = new ConcurrentLinkedQueue<>();
    try (RecordingReceiver receiver =
        RecordingReceiver.listeningWith(_ -> 204, _ -> times.add(Instant.now()))) {
      create(receiver, "\"maxPerSecond\":" + PER_SECOND);
      for (int run = 0; run < RUNS; run++) {
        client.startRun("demo", "run-" + run).requireSuccess();
      }
      await().until(() -> phases("/deliveries?status=PENDING").contains("RATE_LIMITED"));

      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() == RUNS);
      Duration span = Duration.between(Collections.min(times), Collections.max(times));
      assertThat(span)
          .isGreaterThan(Duration.ofSeconds(1).multipliedBy(RUNS - 2).dividedBy(PER_SECOND));
      assertThat(receiver.requests()).allMatch(request -> request.attempt() == 1);
    }
  }

  @Test
  void after_an_outage_only_the_newest_state_is_sent_and_the_others_are_explained()
      throws IOException {
    try (RecordingReceiver receiver =
        RecordingReceiver.respondingWith(index -> index == 0 ? 500 : 204)) {
      String webhook = create(receiver, "\"collapse\":true,\"externalId\":\"chat-1\"");
      client.startRun("demo", "run-1").requireSuccess();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() == 1);
      client.recordTransition("demo", "run-1", "READY", 2).requireSuccess();
      client.recordTransition("demo", "run-1", "PREPARING", 3).requireSuccess();

      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() == 2);
      JsonNode replaced = items(webhook + "/deliveries?status=CANCELED");
      assertThat(receiver.requests())
          .extracting(ReceivedRequest::state)
          .containsExactly("QUEUED", "PREPARING");
      assertThat(replaced).hasSize(2);
      assertThat(
              client.get("/deliveries/" + replaced.path(0).path("id").asText()).json().toString())
          .contains("\"SUPERSEDED\"");
      assertThat(items("/webhooks?externalId=chat-1")).hasSize(1);
      assertThat(items("/webhooks?externalId=chat-2")).isEmpty();

      client
          .post(webhook + "/replays", "{\"status\":\"CANCELED\",\"from\":\"2020-01-01T00:00:00Z\"}")
          .requireSuccess();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() == 4);
    }
  }

  private String create(RecordingReceiver receiver, String settings) throws IOException {
    String body =
        "{\"endpoint\":\"%s\",\"secret\":\"%s\",%s}"
            .formatted(receiver.url(), RecordingReceiver.SECRET, settings);
    JsonNode created = client.post("/stacks/demo/webhooks", body).requireSuccess().json();
    return "/stacks/demo/webhooks/" + created.path("id").asText();
  }

  private JsonNode items(String path) throws IOException {
    return client.get(path).requireSuccess().json().path("items");
  }

  private String phases(String path) throws IOException {
    return items(path).findValuesAsText("phase").toString();
  }
}
