package dev.runhook.systemtests.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.runhook.diagnosis.certification.Certification;
import dev.runhook.diagnosis.certification.CertificationRequests;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.delivery.ReceiverCheck.Result;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.SigningSecret;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The code of `docs/receiving.md` and `examples/signatures.md`, run with deliveries of a real
/// server.
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
    String id = request.header("webhook-id");
    String time = request.header("webhook-timestamp");
    String signature = request.header("webhook-signature");

    assertThat(verifies(language, SECRET, body, id, time, signature)).isTrue();
    assertThat(verifies(language, SECRET + "x", body, id, time, signature)).isFalse();
    assertThat(verifies(language, SECRET, body, id, time, signature + "0")).isFalse();
    assertThat(verifies(language, SECRET, body, id + "0", time, signature)).isFalse();
    assertThat(certify(SECRET, receivingWith(language)))
        .filteredOn(check -> check.result() != Result.PASSED)
        .extracting(ReceiverCheck::name)
        .containsExactly(ReceiverCheck.TLS);
  }

  private Verifier receivingWith(Language language) {
    return (headers, body) ->
        verifies(
            language,
            SECRET,
            body,
            headers.getOrDefault("webhook-id", ""),
            headers.getOrDefault("webhook-timestamp", ""),
            headers.getOrDefault("webhook-signature", ""));
  }

  /// Code of a receiver that returns whether it accepts a request.
  private interface Verifier {
    boolean accepts(Map<String, String> headers, byte[] body) throws Exception;
  }

  private static List<ReceiverCheck> certify(String secret, Verifier verifier) {
    return Certification.certify(
        false,
        new CertificationRequests(SigningSecret.parse(secret), Instant.now(), "Runhook/test"),
        (headers, body, _) -> {
          Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          headers.forEach(header -> byName.put(header.name(), header.value()));
          Outcome outcome = Outcome.Responded.of(accepts(verifier, byName, body) ? 204 : 401);
          return new Attempt(1, Instant.now(), Duration.ZERO, outcome);
        },
        _ -> {});
  }

  private static boolean accepts(Verifier verifier, Map<String, String> headers, Payload body) {
    try {
      return verifier.accepts(headers, body.bytes());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean verifies(
      Language language, String secret, byte[] body, String id, String time, String signature)
      throws IOException, InterruptedException {
    String standardSecret = SigningSecret.parse(secret).standardForm();
    return new CodeSnippets(folder)
        .runVerification(language, standardSecret, body, id, time, signature);
  }

  /// The libraries that `docs/receiving.md` names, with the secret as a user copies it.
  @Test
  void four_libraries_accept_the_same_generated_secret_and_pass_the_certification()
      throws Exception {
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
        const accepts = verify => { try { verify(); return true; } catch { return false; } };
        console.log([
          accepts(() => new standard.Webhook(secret).verify(body, headers)),
          accepts(() => new svix.Webhook(secret).verify(body, headers)),
          await verify(secret, body, sha256 || "none"),
        ].join(" "));
        """);
    Map<String, String> headers =
        Stream.of("webhook-id", "webhook-timestamp", "webhook-signature", "x-signature-256")
            .collect(Collectors.toMap(name -> name, request::header));

    assertThat(runLibraries(secret, headers, bytes(request))).isEqualTo("true true true");
    assertThat(verifiesInJava(secret, headers, bytes(request))).isTrue();
    assertThat(generated.path("standardSecret").asText()).isEqualTo(secret);
    for (String library : List.of("true .*", "\\w+ true .*")) {
      assertThat(certify(secret, (sent, body) -> runLibraries(secret, sent, body).matches(library)))
          .filteredOn(check -> check.result() != Result.PASSED)
          .extracting(ReceiverCheck::name)
          .containsExactly(ReceiverCheck.TLS);
    }
    assertThat(certify(secret, (sent, body) -> verifiesInJava(secret, sent, body)))
        .filteredOn(check -> check.result() != Result.PASSED)
        .extracting(ReceiverCheck::name)
        .containsExactly(ReceiverCheck.TLS);
    assertThat(certify(secret, (sent, body) -> runLibraries(secret, sent, body).endsWith(" true")))
        .as("a library that verifies only the body")
        .extracting(ReceiverCheck::result)
        .doesNotContain(Result.FAILED);
  }

  /// Returns whether standardwebhooks, svix and octokit accept a request.
  private String runLibraries(String secret, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    Files.write(folder.resolve("body"), body);
    return new CodeSnippets(folder)
        .run(
            List.of("node", "libraries.mjs"),
            secret,
            "body",
            headers.getOrDefault("webhook-id", ""),
            headers.getOrDefault("webhook-timestamp", ""),
            headers.getOrDefault("webhook-signature", ""),
            headers.getOrDefault("x-signature-256", ""))
        .strip();
  }

  private static boolean verifiesInJava(String secret, Map<String, String> headers, byte[] body)
      throws EmptyWebhookSecretException {
    Map<String, List<String>> lists =
        headers.entrySet().stream()
            .collect(
                Collectors.toMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT),
                    header -> List.of(header.getValue())));
    try {
      new Webhook(secret).verify(new String(body, UTF_8), lists);
      return true;
    } catch (WebhookVerificationException _) {
      return false;
    }
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
