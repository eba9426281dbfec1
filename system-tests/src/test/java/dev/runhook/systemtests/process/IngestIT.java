package dev.runhook.systemtests.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A notification of another platform arrives, signed, at the receivers of its stack.
class IngestIT {
  private static final String SECRET = "secret-of-the-workspace-0123456789";
  private static final String STACK = "acme-org.networking";
  private static final Path SAMPLES =
      Path.of("..", "adapters-http/src/test/resources/dev/runhook/http/ingest");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void a_notification_of_hcp_terraform_becomes_a_run_and_is_delivered(int buckets)
      throws Exception {
    String applying = Files.readString(SAMPLES.resolve("hcp-terraform.json"));
    Map<String, String> settings =
        Map.of(
            "RUNHOOK_ALLOWED_NETWORKS",
            "127.0.0.0/8",
            "RUNHOOK_BUCKETS",
            Integer.toString(buckets),
            "RUNHOOK_INGEST_SECRETS",
            "default:" + SECRET);
    try (ServerInstallation installation =
            ServerInstallation.withPreparedDatabase(folder, settings);
        RecordingReceiver receiver = RecordingReceiver.accepting()) {
      RunhookProcess server = installation.serve();
      ApiClient client = installation.client(server);
      client.putStack(STACK);
      client.createWebhook(STACK, receiver.url(), RecordingReceiver.SECRET);

      assertThat(send(server, applying)).isEqualTo(200);
      assertThat(send(server, applying.replace("\"applying\"", "\"applied\""))).isEqualTo(200);
      assertThat(send(server, applying)).isEqualTo(200);
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() == 2);

      assertThat(receiver.requests())
          .extracting(ReceivedRequest::run, ReceivedRequest::state, ReceivedRequest::stateVersion)
          .containsExactly(
              tuple("run-FwnENkvDnrpyFC7M", "APPLYING", 6),
              tuple("run-FwnENkvDnrpyFC7M", "FINISHED", 7));
      assertThat(receiver.requests())
          .allSatisfy(request ->
              assertThat(request.header("x-signature-256"))
                  .isEqualTo(
                      "sha256="
                          + hmac("HmacSHA256", RecordingReceiver.SECRET, request.bodyText())));
      assertThat(server.terminate()).as(server.allOutput()).isZero();
      assertThat(server.allOutput()).doesNotContain(SECRET);
    }
  }

  private static int send(RunhookProcess server, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/ingest/hcp-terraform"))
            .header("Content-Type", "application/json")
            .header("X-TFE-Notification-Signature", hmac("HmacSHA512", SECRET, body))
            .POST(BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }

  private static String hmac(String algorithm, String secret, String body) throws Exception {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
    return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
  }
}
