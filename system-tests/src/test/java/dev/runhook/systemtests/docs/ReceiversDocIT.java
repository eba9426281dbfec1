package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.diagnosis.certification.Certification;
import dev.runhook.diagnosis.certification.CertificationRequests;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.delivery.ReceiverCheck.Result;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Starts the programs of `examples/receivers.md` as a reader does, and certifies them.
class ReceiversDocIT {
  private static final Path DOCUMENT = Path.of("..", "examples", "receivers.md");
  private static final Pattern START =
      Pattern.compile("Save as (\\S+), and start it: RUNHOOK_SECRET='whsec_…' (.*)");
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(4); // Go compiles first
  private static final byte[] EVENT =
      """
      {"account":"a","state":"FINISHED","stateVersion":8,"run":{"id":"run-1"},"stack":{"id":"demo"}}
      """
          .strip()
          .getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "Java, " + RecordingReceiver.SECRET,
        "Node, whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "Node, " + RecordingReceiver.SECRET,
        "Python, " + RecordingReceiver.SECRET,
        "Python, whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "Go, whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "PHP, " + RecordingReceiver.SECRET
      })
  void a_program_is_certified_and_recognizes_duplicates(String language, String secret)
      throws Exception {
    int port = Ports.findFree();
    Process program = start(language, secret, port);
    try {
      await().atMost(STARTS_WITHIN).until(() -> !program.isAlive() || isOpen(port));

      assertThat(certify(secret, port))
          .filteredOn(check -> check.result() != Result.PASSED)
          .as(output())
          .extracting(ReceiverCheck::name)
          .containsExactly(ReceiverCheck.TLS);
      assertThat(send(port, signed(secret, "event-1"))).isEqualTo(204);
      assertThat(send(port, signed(secret, "event-1"))).isEqualTo(204);
      assertThat(send(port, withOtherBodySignature(signed(secret, "event-2")))).isEqualTo(401);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() ->
              assertThat(output())
                  .containsPattern("event-1: .*FINISHED")
                  .contains("event-1: duplicate")
                  .doesNotContain("event-2:", secret));
    } finally {
      program.descendants().forEach(ProcessHandle::destroy);
      program.destroy();
      program.waitFor();
    }
  }

  private Process start(String language, String secret, int port) throws IOException {
    Matcher code =
        Pattern.compile("(?s)## " + language + "\n\n```\\w+\n(.*?)```")
            .matcher(Files.readString(DOCUMENT));
    assertThat(code.find()).isTrue();
    Matcher start = START.matcher(code.group(1));
    assertThat(start.find()).isTrue();
    Files.writeString(folder.resolve(start.group(1)), code.group(1));
    List<String> command = new ArrayList<>();
    for (String word : start.group(2).split(" ", -1)) {
      command.add(
          switch (word) {
            case "java" -> Path.of(System.getProperty("java.home"), "bin", word).toString();
            case "0.0.0.0:3000" -> "127.0.0.1:" + port;
            default -> word;
          });
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    builder.environment().put("RUNHOOK_SECRET", secret);
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("TMPDIR", folder.toString());
    try {
      return builder.start();
    } catch (IOException _) {
      throw Prerequisite.missing(command.getFirst() + " is not installed");
    }
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private List<ReceiverCheck> certify(String secret, int port) {
    return Certification.certify(
        false,
        new CertificationRequests(SigningSecret.parse(secret), Instant.now(), "Runhook/test"),
        (headers, body, _) -> {
          long start = System.nanoTime();
          Outcome outcome = Outcome.Responded.of(send(port, headers, body.bytes()));
          return new Attempt(
              1, Instant.now(), Duration.ofNanos(System.nanoTime() - start), outcome);
        },
        _ -> {});
  }

  private static List<Header> signed(String secret, String id) {
    Instant now = Instant.now();
    SignatureSet signatures =
        new WebhookSigner(true).sign(SigningKeys.of(SigningSecret.parse(secret)), id, now, EVENT);
    return signatures.headers(id, now);
  }

  private static List<Header> withOtherBodySignature(List<Header> headers) {
    return headers.stream()
        .map(header ->
            header.name().equalsIgnoreCase("X-Signature-256")
                ? new Header(header.name(), "sha256=" + "0".repeat(64))
                : header)
        .toList();
  }

  private int send(int port, List<Header> headers) {
    return send(port, headers, EVENT);
  }

  private int send(int port, List<Header> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hooks"))
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(header -> request.header(header.name(), header.value()));
    try {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
