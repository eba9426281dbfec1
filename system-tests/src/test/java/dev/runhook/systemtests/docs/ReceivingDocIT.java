package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.List;
import java.util.Map;
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
  private List<ReceivedRequest> requests = List.of();

  @BeforeAll
  void deliver() throws IOException {
    installation =
        ServerInstallation.withPreparedDatabase(
            data, Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"));
    ApiClient client = installation.client(installation.serve());
    client.putStack("demo");
    client.createWebhook("demo", receiver.url(), SECRET);
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

  @ParameterizedTest
  @EnumSource
  void the_code_accepts_only_authentic_deliveries(Language language) throws Exception {
    CodeSnippets codeSnippets = new CodeSnippets(folder);
    ReceivedRequest first = requests.getFirst();
    byte[] body = bytes(first);
    byte[] tampered = bytes(first);
    int middle = tampered.length / 2;
    tampered[middle] = (byte) (tampered[middle] ^ 1);
    String header = first.header("x-signature-256");

    assertThat(codeSnippets.runVerification(language, SECRET, body, header)).isTrue();
    assertThat(codeSnippets.runVerification(language, SECRET, tampered, header))
        .as("tampered")
        .isFalse();
    assertThat(codeSnippets.runVerification(language, SECRET + "x", body, header)).isFalse();
    assertThat(codeSnippets.runVerification(language, SECRET, body, "")).isFalse();
    assertThat(codeSnippets.runVerification(language, SECRET, body, header + "0")).isFalse();
    assertThat(
            codeSnippets.runVerification(
                language, SECRET, body, requests.get(1).header("x-signature-256")))
        .isFalse();
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
