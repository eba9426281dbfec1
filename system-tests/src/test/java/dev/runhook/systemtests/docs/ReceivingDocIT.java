package dev.runhook.systemtests.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.systemtests.docs.CodeSnippets.Language;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The code of `docs/receiving.md`, run with deliveries of a real server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceivingDocIT {
  private static final String SECRET = RecordingReceiver.SECRET;

  @TempDir private static Path data;
  @TempDir private Path folder;
  private final RecordingReceiver receiver = RecordingReceiver.accepting();
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());
  private ApiClient client = new ApiClient("", "");
  private String webhook = "";
  private List<ReceivedRequest> requests = List.of();

  @BeforeAll
  void deliver() throws IOException {
    installation =
        ServerInstallation.withPreparedDatabase(
            data, Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"));
    client = installation.client(installation.serve());
    client.putStack("demo");
    webhook = client.createWebhook("demo", receiver.url(), SECRET);
    client
        .post(
            "/stacks/demo/runs",
            "{\"id\":\"run-1\",\"branch\":\"m\",\"commit\":{\"hash\":\"0ee3\",\"message\":\"Gr\u00fc\u00dfe \ud83d\ude80 </a>\"}}")
        .requireSuccess();
    client.recordTransition("demo", "run-1", "PREPARING", 2).requireSuccess();
    client.recordTransition("demo", "run-1", "INITIALIZING", 5).requireSuccess();
    await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() >= 3);
    requests = receiver.requests();
  }

  @AfterAll
  void close() {
    installation.close();
    receiver.close();
  }

  private static byte[] bytes(ReceivedRequest receivedRequest) {
    return receivedRequest.body().getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Go needs a minute to compile, so the requests of the first test may be too old for the last.
  private ReceivedRequest newRequest(String from) throws IOException {
    int count = receiver.count();
    client.post("/stacks/demo/webhooks/" + from + "/ping", "").requireSuccess();
    await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() > count);
    return receiver.requests().getLast();
  }

  @ParameterizedTest
  @EnumSource
  void the_code_accepts_only_authentic_and_recent_deliveries(Language language) throws Exception {
    ReceivedRequest request = newRequest(webhook);
    byte[] body = bytes(request);
    byte[] tampered = bytes(request);
    int middle = tampered.length / 2;
    tampered[middle] = (byte) (tampered[middle] ^ 1);
    String id = request.header("webhook-id");
    String time = request.header("webhook-timestamp");
    String signature = request.header("webhook-signature");
    String old = Long.toString(Long.parseLong(time) - 360);

    assertThat(verifies(language, SECRET, body, id, time, signature)).isTrue();
    assertThat(verifies(language, SECRET, body, id, time, "v1,AAAA " + signature)).isTrue();
    assertThat(verifies(language, SECRET, tampered, id, time, signature)).isFalse();
    assertThat(verifies(language, SECRET + "x", body, id, time, signature)).isFalse();
    assertThat(verifies(language, SECRET, body, id, time, "")).isFalse();
    assertThat(verifies(language, SECRET, body, id, time, signature + "0")).isFalse();
    assertThat(verifies(language, SECRET, body, id + "0", time, signature)).isFalse();
    assertThat(verifies(language, SECRET, body, id, old, signature)).isFalse();
    assertThat(verifies(language, SECRET, body, id, old, signature(body, id, old)))
        .as("an old delivery")
        .isFalse();
  }

  private boolean verifies(
      Language language, String secret, byte[] body, String id, String time, String signature)
      throws IOException, InterruptedException {
    String standardSecret = SigningSecret.parse(secret).standardForm();
    return new CodeSnippets(folder)
        .runVerification(language, standardSecret, body, id, time, signature);
  }

  private static String signature(byte[] body, String id, String time) {
    Instant sentAt = Instant.ofEpochSecond(Long.parseLong(time));
    return new WebhookSigner(false)
        .signatureHeaders(SigningKeys.of(SigningSecret.parse(SECRET)), id, sentAt, body)
        .getLast()
        .value();
  }

  /// The libraries that `docs/receiving.md` names, with the secret as a user copies it.
  @Test
  void four_libraries_accept_the_same_generated_secret() throws Exception {
    JsonNode generated =
        client
            .post("/stacks/demo/webhooks", "{\"endpoint\":\"" + receiver.url() + "?generated\"}")
            .requireSuccess()
            .json();
    String secret = generated.path("secret").asText();
    ReceivedRequest request = newRequest(generated.path("id").asText());
    CodeSnippets programs = new CodeSnippets(folder);
    programs.installNpmPackages(
        "standardwebhooks@1.1.1", "svix@1.99.1", "@octokit/webhooks-methods@6.0.0");
    Files.writeString(
        folder.resolve("libraries.mjs"),
        """
        import { readFileSync } from "node:fs";
        import * as standard from "standardwebhooks";
        import * as svix from "svix";
        import { verify } from "@octokit/webhooks-methods";

        const [secret, file, id, timestamp, signature, sha256] = process.argv.slice(2);
        const body = readFileSync(file, "utf8");
        const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
        new standard.Webhook(secret).verify(body, headers);
        new svix.Webhook(secret).verify(body, headers);
        console.log(await verify(secret, body, sha256));
        """);
    Files.write(folder.resolve("body"), bytes(request));
    Map<String, List<String>> headers =
        Stream.of("webhook-id", "webhook-timestamp", "webhook-signature")
            .collect(Collectors.toMap(name -> name, name -> List.of(request.header(name))));

    String npm =
        programs.run(
            List.of("node", "libraries.mjs"),
            secret,
            "body",
            request.header("webhook-id"),
            request.header("webhook-timestamp"),
            request.header("webhook-signature"),
            request.header("x-signature-256"));

    assertThat(npm.strip()).isEqualTo("true");
    assertThatCode(() -> new Webhook(secret).verify(new String(bytes(request), UTF_8), headers))
        .doesNotThrowAnyException();
    assertThat(generated.path("standardSecret").asText()).isEqualTo(secret);
  }

  @Test
  void the_code_for_duplicates_and_order_processes_each_event_once() throws Exception {
    StringBuilder script = new StringBuilder(CodeSnippets.findCode("python", "def receive"));
    script.append("\nresults = []\n");
    for (int each : List.of(0, 0, 2, 1, 2, 1)) {
      ReceivedRequest receivedRequest = requests.get(each);
      Files.write(folder.resolve("body-" + each), bytes(receivedRequest));
      script.append(
          "results.append(receive(\"%s\", open(\"body-%d\", \"rb\").read()))%n"
              .formatted(receivedRequest.header("webhook-id"), each));
    }
    script.append("results.append(receive(\"m\", b'{\"event\":\"ping\"}'))\n");
    script.append("print(results, store.execute(\"select * from run\").fetchall())\n");
    Files.writeString(folder.resolve("caller.py"), script);

    String printed = new CodeSnippets(folder).run(List.of("python3", "caller.py"));

    assertThat(printed.strip())
        .isEqualTo(
            "[True, False, True, False, False, False, False] [('demo', 'run-1', 5, 'INITIALIZING')]");
  }
}
