package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ApiClient.Response;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The path of an event from the API to the receiver. All tests share one server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeIT {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_ACCOUNT", "acme",
          "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
          "RUNHOOK_RETRY_SCHEDULE", "200ms,200ms",
          "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "8");
  private static final String FULL_RUN =
      """
      {"id":"01EF9PFPNFFM2MQXTJKHK1B869","type":"TRACKED","branch":"master",
       "commit":{"hash":"0ee3f1c","message":"Update \\"main.tf\\" – 1/2","authorName":"Octo Cat","authorLogin":"octocat",
         "timestamp":"2020-08-06T09:38:52Z","url":"https://github.com/acme/infra/commit/0ee3f1c"},
       "triggeredBy":"octocat@example.com","createdAt":"2020-08-09T13:41:05.250Z",
       "delta":{"added":0,"changed":0,"deleted":0,"resources":1},"url":"https://ci.example.com/runs/1","driftDetection":false,
       "command":"terraform fmt","state":"FINISHED","stateVersion":4,"timestamp":"2020-08-09T15:41:24.999+02:00","note":"all well"}
      """;
  private static final String FULL_PAYLOAD =
      "{\"account\":\"acme\",\"state\":\"FINISHED\",\"stateVersion\":4,\"timestamp\":1596980484,"
          + "\"run\":{\"id\":\"01EF9PFPNFFM2MQXTJKHK1B869\",\"branch\":\"master\",\"commit\":{\"authorLogin\":\"octocat\",\"authorName\":\"Octo"
          + " Cat\",\"hash\":\"0ee3f1c\",\"message\":\"Update \\\"main.tf\\\" –"
          + " 1/2\",\"timestamp\":1596706732,"
          + "\"url\":\"https://github.com/acme/infra/commit/0ee3f1c\"},"
          + "\"createdAt\":1596980465,\"delta\":{\"added\":0,\"changed\":0,\"deleted\":0,\"resources\":1},"
          + "\"triggeredBy\":\"octocat@example.com\",\"type\":\"TRACKED\",\"url\":\"https://ci.example.com/runs/1\",\"driftDetection\":false,\"command\":\"terraform"
          + " fmt\"},"
          + "\"stack\":{\"id\":\"demo\",\"name\":\"Demo\",\"description\":\"\",\"labels\":[],\"url\":\"https://ci.example.com/demo\",\"repository\":\"acme/infra\"},\"note\":\"all"
          + " well\"}";
  private static final String MINIMAL_PAYLOAD =
      "{\"account\":\"acme\",\"state\":\"PREPARING\",\"stateVersion\":2,\"timestamp\":1596980484,"
          + "\"run\":{\"id\":\"run-1\",\"branch\":\"main\","
          + "\"commit\":{\"authorLogin\":null,\"authorName\":\"\",\"hash\":\"0ee3f1c\",\"message\":\"\",\"timestamp\":null,\"url\":null},"
          + "\"createdAt\":1596980465,\"delta\":null,\"triggeredBy\":null,\"type\":\"TRACKED\"},\"stack\":{\"id\":\"bare\",\"name\":\"Stack"
          + " bare\",\"description\":\"\",\"labels\":[]}}";

  @TempDir private static Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private ApiClient client = new ApiClient("", "");
  private String readyAt = "";
  private String newToken = "";

  @BeforeAll
  void open() {
    installation = new ServerInstallation(folder, SETTINGS);
    RunhookProcess server = installation.serve();
    readyAt = server.url();
    newToken = server.printedToken();
    client = new ApiClient(readyAt, newToken);
  }

  @AfterAll
  void close() {
    installation.close();
  }

  @Test
  void the_server_is_ready_at_the_printed_address_and_the_printed_token_is_valid()
      throws IOException {
    assertThat(readyAt).matches("http://127\\.0\\.0\\.1:[1-9]\\d+");
    assertThat(newToken).isEqualTo(installation.token());
    assertThat(client.getWithoutToken("/health/ready").status()).isEqualTo(200);
    assertThat(client.get("/stacks").status()).isEqualTo(200);
    assertThat(new ApiClient(readyAt, newToken + "x").get("/stacks").status()).isEqualTo(401);
  }

  @Test
  void the_payload_contains_every_reported_field() throws IOException {
    try (RecordingReceiver receiver = RecordingReceiver.accepting()) {
      client
          .put(
              "/stacks/demo",
              "{\"name\":\"Demo\",\"url\":\"https://ci.example.com/demo\",\"repository\":\"acme/infra\"}")
          .requireSuccess();
      client.createWebhook("demo", receiver.url(), RecordingReceiver.SECRET);

      client.post("/stacks/demo/runs", FULL_RUN).requireSuccess();

      ReceivedRequest request = awaitLog(receiver, 1).getFirst();
      assertThat(request.bodyText()).isEqualTo(FULL_PAYLOAD);
      assertThat(request.verified()).isTrue();
    }
  }

  @Test
  void unknown_fields_are_null_or_absent_in_the_payload() throws IOException {
    try (RecordingReceiver receiver = RecordingReceiver.accepting()) {
      client.putStack("bare");
      client
          .post(
              "/stacks/bare/runs",
              "{\"id\":\"run-1\",\"branch\":\"main\",\"commit\":{\"hash\":\"0ee3f1c\"},\"createdAt\":\"2020-08-09T13:41:05Z\"}")
          .requireSuccess();
      client.createWebhook("bare", receiver.url(), RecordingReceiver.SECRET);

      Response response =
          client.post(
              "/stacks/bare/runs/run-1/transitions",
              "{\"state\":\"PREPARING\",\"timestamp\":\"2020-08-09T13:41:24Z\"}");

      assertThat(response.status()).isEqualTo(201);
      assertThat(response.body())
          .isEqualTo(
              "{\"run\":\"run-1\",\"state\":\"PREPARING\",\"stateVersion\":2,\"timestamp\":\"2020-08-09T13:41:24.000Z\",\"expected\":true,"
                  + "\"deliveries\":1}");
      assertThat(awaitLog(receiver, 1).getFirst().bodyText()).isEqualTo(MINIMAL_PAYLOAD);
    }
  }

  @Test
  void a_delivery_has_every_documented_header() throws IOException {
    try (RecordingReceiver receiver = RecordingReceiver.accepting()) {
      client.putStack("headers");
      client
          .post(
              "/stacks/headers/webhooks",
              "{\"endpoint\":\"%s\",\"secret\":\"%s\",\"headers\":{\"X-Team\":\"platform\"}}"
                  .formatted(receiver.url(), RecordingReceiver.SECRET))
          .requireSuccess();

      client.startRun("headers", "run-1").requireSuccess();

      ReceivedRequest request = awaitLog(receiver, 1).getFirst();
      assertThat(request.header("content-type")).isEqualTo("application/json");
      assertThat(request.header("user-agent")).matches("Runhook/\\d+\\.\\d+\\.\\d+.*");
      assertThat(request.header("x-runhook-event")).isEqualTo("run_state_changed");
      assertThat(request.header("x-runhook-delivery")).matches("[0-9a-f-]{36}");
      assertThat(request.header("x-runhook-attempt")).isEqualTo("1");
      assertThat(request.header("x-signature")).matches("sha1=[0-9a-f]{40}");
      assertThat(request.header("x-signature-256")).matches("sha256=[0-9a-f]{64}");
      assertThat(request.header("webhook-id")).matches("[0-9a-f-]{36}");
      assertThat(request.header("webhook-timestamp")).matches("\\d{10}");
      assertThat(request.header("webhook-signature")).matches("v1,[A-Za-z0-9+/]{43}=");
      assertThat(request.header("x-team")).isEqualTo("platform");
    }
  }

  @Test
  void a_request_is_shown_as_it_was_sent_even_after_the_webhook_has_changed() throws IOException {
    try (RecordingReceiver receiver = RecordingReceiver.accepting()) {
      client.putStack("shown");
      String webhook =
          "/stacks/shown/webhooks/"
              + client.createWebhook("shown", receiver.url(), RecordingReceiver.SECRET);
      client.patch(webhook, "{\"headers\":{\"X-Team\":\"old\"}}").requireSuccess();
      client.startRun("shown", "run-1").requireSuccess();
      ReceivedRequest received = awaitLog(receiver, 1).getFirst();
      String path = "/deliveries/" + received.delivery();
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> client.get(path).json().path("status").asText().equals("DELIVERED"));

      client
          .patch(
              webhook,
              "{\"endpoint\":\"" + receiver.url() + "/new\",\"headers\":{\"X-Team\":\"new\"}}")
          .requireSuccess();
      client.post(webhook + "/secret", "{\"overlap\":\"PT0S\"}").requireSuccess();

      JsonNode shown = client.get(path).json().path("request");
      assertThat(shown.path("source").asText()).isEqualTo("SENT");
      assertThat(shown.path("endpoint").asText()).isEqualTo(receiver.url());
      assertThat(shown.path("body").asText()).isEqualTo(received.bodyText());
      assertThat(shown.at("/headers/X-Team").asText()).isEqualTo("***");
      assertThat(shown.path("headers").properties())
          .hasSizeGreaterThan(9)
          .filteredOn(header -> !header.getKey().equals("X-Team"))
          .allSatisfy(header ->
              assertThat(header.getValue().asText())
                  .isEqualTo(received.header(header.getKey().toLowerCase(Locale.ROOT))));
    }
  }

  @Test
  void a_failed_delivery_is_retried_with_the_same_id_and_bytes() throws IOException {
    try (RecordingReceiver receiver =
        RecordingReceiver.respondingWith(index -> index == 0 ? 500 : 204)) {
      client.putStack("retry");
      client.createWebhook("retry", receiver.url(), RecordingReceiver.SECRET);

      client.startRun("retry", "run-1").requireSuccess();

      List<ReceivedRequest> log = awaitLog(receiver, 2);
      assertThat(log).extracting(ReceivedRequest::attempt).containsExactly(1, 2);
      assertThat(log).extracting(ReceivedRequest::delivery).containsOnly(log.getFirst().delivery());
      assertThat(log).extracting(ReceivedRequest::body).containsOnly(log.getFirst().body());
      assertThat(log).extracting(ReceivedRequest::verified).containsOnly(true);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> statusOf(log.getFirst().delivery()).equals("DELIVERED"));
    }
  }

  @Test
  void a_delivery_fails_at_the_end_of_the_schedule_and_its_lane_continues() throws IOException {
    try (RecordingReceiver receiver =
        RecordingReceiver.respondingWith(index -> index < 3 ? 500 : 204)) {
      client.putStack("exhausted");
      client.createWebhook("exhausted", receiver.url(), RecordingReceiver.SECRET);

      client.startRun("exhausted", "run-1").requireSuccess();
      client.recordTransition("exhausted", "run-1", "PREPARING", 2).requireSuccess();

      List<ReceivedRequest> log = awaitLog(receiver, 4);
      assertThat(log).extracting(ReceivedRequest::stateVersion).containsExactly(1, 1, 1, 2);
      await()
          .atMost(RunhookProcess.TIMEOUT)
          .until(() -> statusOf(log.getLast().delivery()).equals("DELIVERED"));
      assertThat(statusOf(log.getFirst().delivery())).isEqualTo("FAILED");
    }
  }

  @Test
  void a_slow_receiver_does_not_delay_another_one() throws IOException {
    int runs = 40;
    CountDownLatch gate = new CountDownLatch(1);
    try (RecordingReceiver slow = RecordingReceiver.respondingAfter(gate);
        RecordingReceiver quick = RecordingReceiver.accepting()) {
      client.putStack("slow");
      client.createWebhook("slow", slow.url(), RecordingReceiver.SECRET);
      client.createWebhook("slow", quick.url(), RecordingReceiver.SECRET);

      for (int run = 0; run < runs; run++) {
        client.startRun("slow", "run-" + run).requireSuccess();
      }

      assertThat(awaitLog(quick, runs)).extracting(ReceivedRequest::run).doesNotHaveDuplicates();
      assertThat(slow.count()).as("concurrent requests").isLessThanOrEqualTo(8);
      gate.countDown();
      awaitLog(slow, runs);
    }
  }

  @Test
  void a_private_endpoint_is_rejected_unless_its_network_is_allowed() throws IOException {
    Map<String, String> closed =
        Map.of(
            "RUNHOOK_ALLOWED_NETWORKS",
            "",
            "RUNHOOK_DATABASE_URL",
            installation.jdbcUrl(),
            "RUNHOOK_ROLE",
            "api");
    ApiClient strict = new ApiClient(installation.start(closed, "serve").url(), newToken);
    client.putStack("inside");

    Response refused =
        strict.post("/stacks/inside/webhooks", "{\"endpoint\":\"http://127.0.0.1:9000/hooks\"}");
    Response elsewhere =
        client.post("/stacks/inside/webhooks", "{\"endpoint\":\"http://10.0.0.1/hooks\"}");
    Response allowed =
        client.post("/stacks/inside/webhooks", "{\"endpoint\":\"http://127.0.0.1:9000/hooks\"}");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().path("detail").asText())
        .contains("127.0.0.0/8")
        .contains("ask the server's operator to allow it");
    assertThat(elsewhere.status()).isEqualTo(422);
    assertThat(allowed.status()).isEqualTo(201);
  }

  private String statusOf(String delivery) throws IOException {
    return client.get("/deliveries/" + delivery).json().path("status").asText();
  }

  private static List<ReceivedRequest> awaitLog(RecordingReceiver receiver, int count) {
    await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() >= count);
    return receiver.requests();
  }
}
