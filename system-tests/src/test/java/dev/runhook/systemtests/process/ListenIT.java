package dev.runhook.systemtests.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./runhook listen` as a process. The tests sign and send the deliveries.
class ListenIT {
  private static final String SECRET = RecordingReceiver.SECRET;
  private static final Pattern LISTENING = Pattern.compile("Listening at (\\S+);");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    installation = new ServerInstallation(folder, Map.of());
  }

  @AfterEach
  void close() {
    http.close();
    installation.close();
  }

  private RunhookProcess listen(String... more) {
    String[] all = new String[more.length + 5];
    System.arraycopy(new String[] {"listen", "--port", "0", "--secret", SECRET}, 0, all, 0, 5);
    System.arraycopy(more, 0, all, 5, more.length);
    return installation.start(Map.of(), all);
  }

  private static String url(RunhookProcess listen) {
    return listen.awaitLine(LISTENING).group(1);
  }

  private int deliver(String url, String secret, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("X-Runhook-Event", "run_state_changed")
            .header("X-Runhook-Delivery", "d-1")
            .header("X-Runhook-Attempt", "1")
            .POST(BodyPublishers.ofString(body));
    new WebhookSigner(true)
        .signatureHeaders(
            SigningKeys.of(SigningSecret.parse(secret)), "m-1", Instant.now(), body.getBytes(UTF_8))
        .forEach(header -> request.header(header.name(), header.value()));
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static String finished(int version) {
    return "{\"state\":\"FINISHED\",\"stateVersion\":"
        + version
        + ",\"run\":{\"id\":\"run-1\"},\"stack\":{\"id\":\"demo\"}}";
  }

  @Test
  void the_receiver_fails_as_often_as_requested_prints_json_lines_and_exits_with_0()
      throws Exception {
    RunhookProcess listen = listen("--json", "--fail", "503", "--times", "1", "--once", "3");
    String url = listen.awaitLogLine(LISTENING).group(1);

    assertThat(deliver(url, SECRET, finished(1))).isEqualTo(503);
    assertThat(deliver(url, SECRET, finished(1))).isEqualTo(204);
    assertThat(deliver(url, SECRET, finished(2))).isEqualTo(204);

    assertThat(listen.awaitExit()).as(listen.allOutput()).isZero();
    assertThat(listen.out().lines()).hasSize(3);
    JsonNode first = JSON.readTree(listen.out().lines().getFirst());
    assertThat(first.path("verified").asBoolean()).isTrue();
    assertThat(first.path("status").asInt()).isEqualTo(503);
    assertThat(first.path("run").asText()).isEqualTo("run-1");
    assertThat(JSON.readTree(listen.out().lines().getLast()).path("stateVersion").asInt())
        .isEqualTo(2);
  }

  @Test
  void an_unverified_delivery_is_explained_and_makes_the_command_exit_with_1() throws Exception {
    RunhookProcess listen = listen("--once");

    assertThat(deliver(url(listen), "\"" + SECRET + "\"", finished(1))).isEqualTo(401);

    assertThat(listen.awaitExit()).isEqualTo(1);
    assertThat(listen.out().text())
        .contains("#1  FINISHED v1 of run run-1 on demo  NOT verified: X-Signature-256 does not")
        .contains("    cause  the secret was used with quotation marks around it")
        .contains("    fix    ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-INT", "-TERM"})
  void the_command_exits_with_0_on_a_signal(String signal) throws Exception {
    assumeFalse(signal.equals("-INT") && isInterruptIgnored(), "started in the background");
    RunhookProcess listen = listen();
    deliver(url(listen), SECRET, finished(1));

    assertThat(new ProcessBuilder("kill", signal, Long.toString(listen.pid())).start().waitFor())
        .isZero();

    assertThat(listen.awaitExit()).as(listen.allOutput()).isZero();
    assertThat(listen.out().lines().getLast()).isEqualTo("Received 1, verified 1.");
    assertThat(listen.err().lines()).isEmpty();
  }

  @Test
  void a_forwarded_delivery_is_verified_by_the_target() throws Exception {
    RunhookProcess target = listen("--once", "--delay", "50ms", "--fail", "418");
    RunhookProcess listen = listen("--once", "--forward-to", url(target));

    assertThat(deliver(url(listen), SECRET, finished(1))).isEqualTo(418);

    assertThat(target.awaitExit()).as(target.allOutput()).isZero();
    assertThat(listen.awaitExit()).as(listen.allOutput()).isZero();
    assertThat(listen.out().text()).contains("    responded with 418, from http://127.0.0.1:");
  }

  @Test
  void the_secret_is_read_from_a_file() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
    RunhookProcess listen =
        installation.start(
            Map.of(), "listen", "--port", "0", "--secret-file", file.toString(), "--once", "1");

    assertThat(deliver(url(listen), SECRET, finished(1))).isEqualTo(204);

    assertThat(listen.awaitExit()).isZero();
  }

  /// Processes that a shell starts in the background ignore SIGINT, and so do their children.
  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    return (Long.parseUnsignedLong(ignored, 16) & 0b10) != 0;
  }
}
