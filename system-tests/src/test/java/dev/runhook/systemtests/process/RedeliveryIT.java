package dev.runhook.systemtests.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.diagnosis.receiver.ReceivedDelivery;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A user finds failed deliveries, reads why they failed, and sends them again.
class RedeliveryIT {
  private static final int FAILING = 4;
  private static final String EMPTY_BODY = "";

  @TempDir private Path folder = Path.of(".");
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private ApiClient client = new ApiClient("", "");

  @BeforeEach
  void open() {
    installation =
        ServerInstallation.withPreparedDatabase(
            folder,
            Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8", "RUNHOOK_RETRY_SCHEDULE", "200ms"));
    RunhookProcess server = installation.serve();
    client = new ApiClient(server.url(), server.printedToken());
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void failed_deliveries_are_found_explained_and_replayed() throws IOException {
    try (RecordingReceiver receiver =
        RecordingReceiver.respondingWith(index -> index < FAILING ? 500 : 204)) {
      client.putStack("demo");
      String webhook =
          "/stacks/demo/webhooks/"
              + client.createWebhook("demo", receiver.url(), RecordingReceiver.SECRET);
      client
          .post(
              "/stacks/demo/webhooks",
              "{\"endpoint\":\"" + receiver.url() + "/end\",\"states\":[\"FINISHED\"]}")
          .requireSuccess();
      client.startRun("demo", "run-1").requireSuccess();
      client.recordTransition("demo", "run-1", "READY", 2).requireSuccess();

      String failed = webhook + "/deliveries?status=FAILED";
      await().atMost(RunhookProcess.TIMEOUT).until(() -> items(failed).size() == 2);
      assertThat(items("/stacks/demo/runs/run-1/deliveries")).hasSize(2);
      assertThat(items("/deliveries?stack=demo&run=run-1&state=READY")).hasSize(1);
      assertThat(items("/deliveries?to=2020-01-01T00:00:00Z")).isEmpty();
      String first = items(failed).path(1).path("id").asText();
      assertExplained(first);

      String range = "{\"from\":\"2020-01-01T00:00:00Z\"";
      assertThat(post(webhook + "/replays", range + ",\"dryRun\":true}"))
          .isEqualTo("{\"dryRun\":true,\"matched\":2,\"erased\":0,\"toCreate\":2}");
      assertThat(post(webhook + "/replays", range + "}"))
          .contains("\"matched\":2,\"erased\":0,\"created\":2,");
      List<ReceivedRequest> replayed =
          awaitLog(receiver, FAILING + 2).subList(FAILING, FAILING + 2);
      assertThat(replayed).extracting(ReceivedRequest::stateVersion).containsExactly(1, 2);
      assertThat(replayed).allMatch(ReceivedRequest::verified);
      assertThat(replayed)
          .extracting(request -> request.header("x-runhook-previous-version"))
          .containsExactly("(none)", "1");
      assertThat(replayed.getFirst().header("x-runhook-redelivery-of")).isEqualTo(first);

      post("/deliveries/" + first + "/redeliver", EMPTY_BODY);
      post(webhook + "/ping", EMPTY_BODY);
      List<ReceivedRequest> log = awaitLog(receiver, FAILING + 4);
      assertThat(log.subList(FAILING + 2, FAILING + 4))
          .extracting(request -> request.header("x-runhook-event"))
          .containsExactlyInAnyOrder("run_state_changed", "ping");
    }
  }

  @Test
  void a_replay_sends_the_format_that_the_webhook_has_now() throws Exception {
    BlockingQueue<ReceivedDelivery> received = new LinkedBlockingQueue<>();
    try (Receiver receiver = Receiver.start(0, RecordingReceiver.SECRET, received::add)) {
      client.putStack("demo");
      String webhook =
          "/stacks/demo/webhooks/"
              + client.createWebhook("demo", receiver.url(), "not the secret of its receiver");
      client.startRun("demo", "run-1").requireSuccess();
      String deliveries = webhook + "/deliveries";
      await().atMost(RunhookProcess.TIMEOUT).until(() -> statuses(deliveries).equals("FAILED"));
      received.clear();

      client
          .patch(webhook, "{\"format\":\"slack\",\"secret\":\"" + RecordingReceiver.SECRET + "\"}")
          .requireSuccess();
      post(webhook + "/replays", "{\"from\":\"2020-01-01T00:00:00Z\"}");

      ReceivedDelivery message =
          requireNonNull(received.poll(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS));
      assertThat(message.verification().isVerified()).isTrue();
      assertThat(message.body()).contains("\"blocks\":");
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> statuses(deliveries).equals("DELIVERED FAILED"));
      assertThat(sentBody(items(deliveries).path(0))).isEqualTo(message.body());
      assertThat(sentBody(items(deliveries).path(1))).startsWith("{\"account\":");
    }
  }

  private String statuses(String deliveries) throws IOException {
    return items(deliveries)
        .valueStream()
        .map(delivery -> delivery.path("status").asText())
        .collect(Collectors.joining(" "));
  }

  private String sentBody(JsonNode delivery) throws IOException {
    return client
        .get("/deliveries/" + delivery.path("id").asText())
        .requireSuccess()
        .json()
        .at("/request/body")
        .asText();
  }

  @Test
  void a_replay_that_is_too_large_is_rejected_and_creates_nothing()
      throws IOException, SQLException {
    client.putStack("demo");
    String id = client.createWebhook("demo", "http://127.0.0.1:9/", RecordingReceiver.SECRET);
    String replays = "/stacks/demo/webhooks/" + id + "/replays";
    Instant first = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofHours(1));
    insertFailed(id, first, 100_001);

    ApiClient.Response all = client.post(replays, "{\"from\":\"" + first + "\"}");
    ApiClient.Response counted =
        client.post(replays, "{\"from\":\"" + first + "\",\"dryRun\":true}");

    assertThat(all.status()).isEqualTo(422);
    assertThat(all.json().path("type").asText()).isEqualTo("urn:runhook:problem:replay-too-large");
    assertThat(all.json().path("detail").asText()).contains("100000");
    assertThat(counted.status()).isEqualTo(422);
    assertThat(post(replays, "{\"from\":\"" + first.plusMillis(1) + "\",\"dryRun\":true}"))
        .isEqualTo(
            "{\"dryRun\":true,\"matched\":100000,\"erased\":100000,\"toCreate\":0}"); // without
    // events
    assertThat(items("/stacks/demo/webhooks/" + id + "/deliveries?status=PENDING")).isEmpty();
  }

  /// Inserts failed deliveries, one for each millisecond.
  private void insertFailed(String webhook, Instant first, int count) throws SQLException {
    try (Connection connection = DriverManager.getConnection(installation.jdbcUrl());
        PreparedStatement insert =
            connection.prepareStatement(
                """
                insert into runhook.delivery (id, webhook_id, event_id, kind, status, attempts)
                select (lpad(to_hex(? + n), 12, '0') || '70008000000000000000')::uuid, ?::uuid, gen_random_uuid(), 'PING', 'FAILED', 1
                from generate_series(0, ? - 1) n
                """)) {
      insert.setLong(1, first.toEpochMilli());
      insert.setString(2, webhook);
      insert.setInt(3, count);
      assertThat(insert.executeUpdate()).isEqualTo(count);
    }
  }

  private void assertExplained(String delivery) throws IOException {
    JsonNode details = client.get("/deliveries/" + delivery).requireSuccess().json();
    assertThat(details.path("attempts")).hasSize(2);
    assertThat(details.path("request").path("headers").path("X-Runhook-Delivery").asText())
        .isEqualTo(delivery);
    assertThat(details.path("explanation").toString()).contains("500").contains("0.2 s × ");
    JsonNode run = client.get("/stacks/demo/runs/run-1/explanation").requireSuccess().json();
    JsonNode outcomes = run.path("transitions").path(1).path("webhooks");
    assertThat(outcomes.path(0).path("status").asText()).isEqualTo("FAILED");
    assertThat(outcomes.path(1).path("explanation").path(0).path("text").asText())
        .isEqualTo("not sent: the webhook wants only the states FINISHED, but this is READY");
  }

  private JsonNode items(String path) throws IOException {
    return client.get(path).requireSuccess().json().path("items");
  }

  private String post(String path, String json) throws IOException {
    return client.post(path, json).requireSuccess().body();
  }

  private static List<ReceivedRequest> awaitLog(RecordingReceiver receiver, int count) {
    await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() >= count);
    return receiver.requests();
  }
}
