package dev.runhook.bootstrap.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.receiver.DeliveryReceiver;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CertifyCommandTest {
  private static final String SECRET = "It's a Secret to Everybody";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int certify(String url, String... more) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] arguments = new String[4 + more.length];
    System.arraycopy(new String[] {"certify", url, "--secret", SECRET}, 0, arguments, 0, 4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return commandLine.execute(arguments);
  }

  @Test
  void a_correct_receiver_passes() throws IOException {
    int code;
    try (Receiver receiver = Receiver.start(0, SECRET, _ -> {})) {
      code = certify(receiver.url());
    }

    boolean isSlow = out.toString().contains("FAILED   responds-within-a-second"); // a busy machine
    assertThat(code).as(out.toString()).isEqualTo(isSlow ? 1 : 0);
    assertThat(out.toString())
        .startsWith("passed   name-resolves\nskipped  tls: the endpoint is an http URL")
        .contains("passed   verifies-signatures\n", "passed   accepts-large-bodies\n")
        .endsWith((isSlow ? "18 passed, 1" : "19 passed, 0") + " failed, 1 skipped\n")
        .doesNotContain(SECRET);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void a_receiver_that_accepts_everything_fails() throws IOException {
    HttpServer server = HttpServer.create(Receiver.loopback(0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      int code = certify("http://127.0.0.1:" + server.getAddress().getPort() + "/", "--json");

      assertThat(code).isEqualTo(1);
    } finally {
      server.stop(0);
    }
    JsonNode found = check("verifies-signatures");
    assertThat(found.path("result").asText()).isEqualTo("FAILED");
    assertThat(found.path("detail").asText()).startsWith("your receiver accepts forged requests;");
    assertThat(check("refuses-unsigned").path("result").asText()).isEqualTo("SKIPPED");
  }

  private JsonNode check(String name) throws IOException {
    for (JsonNode check : new ObjectMapper().readTree(out.toString()).path("checks")) {
      if (check.path("name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check " + name + " in " + out);
  }

  @Test
  void a_receiver_with_another_secret_does_not_accept_the_signed_request() throws IOException {
    try (Receiver receiver = Receiver.start(0, "another secret", _ -> {})) {
      assertThat(certify(receiver.url())).isEqualTo(1);
    }

    assertThat(out.toString())
        .contains(
            "FAILED   responds-with-2xx\n         the receiver responded with status 401; check",
            "skipped  accepts-unicode: the signed request was not accepted\n");
  }

  /// Names of headers cross the network as they are.
  @Test
  void a_receiver_that_reads_names_of_headers_as_they_are_fails() throws IOException {
    DeliveryReceiver library = DeliveryReceiver.withSecret(SECRET);
    try (RawReceiver receiver = new RawReceiver(library)) {
      assertThat(certify(receiver.url(), "--timeout", "20s")).isEqualTo(1);
    }
    assertThat(out.toString())
        .contains("FAILED   accepts-any-header-case\n")
        .containsPattern("(18 passed, 1|17 passed, 2) failed, 1 skipped");
  }

  @Test
  void a_port_without_a_receiver_fails() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(certify("http://localhost:" + port)).isEqualTo(1);
    assertThat(out.toString()).contains("FAILED   responds-with-2xx\n").contains("refused");
  }

  /// Reads requests without a library, which would change the names of headers.
  private static final class RawReceiver implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    RawReceiver(DeliveryReceiver library) throws IOException {
      Thread.ofVirtual().start(() -> serve(library));
    }

    String url() {
      return "http://127.0.0.1:" + socket.getLocalPort() + "/hooks";
    }

    private void serve(DeliveryReceiver library) {
      try {
        while (true) {
          try (Socket connection = socket.accept()) {
            respond(library, connection);
          }
        }
      } catch (SocketException ignored) {
        // closed
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void respond(DeliveryReceiver library, Socket connection) throws IOException {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      Map<String, String> headers = new HashMap<>();
      int length = 0;
      readLine(in);
      for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
        String[] header = line.split(": ", 2);
        headers.put(header[0], header[1]);
        if (header[0].equalsIgnoreCase("Content-Length")) {
          length = Integer.parseInt(header[1]);
        }
      }
      byte[] body = in.readNBytes(length);
      int status = library.receive(headers::get, body, () -> {}).status();
      String response =
          "HTTP/1.1 " + status + " .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      connection.getOutputStream().write(response.getBytes(ISO_8859_1));
    }

    private static String readLine(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
        if (each != '\r') {
          line.write(each);
        }
      }
      return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      socket.close(); // ends the thread
    }
  }
}
