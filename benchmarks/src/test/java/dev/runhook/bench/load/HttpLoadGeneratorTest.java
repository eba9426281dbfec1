package dev.runhook.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.bench.sink.ReceiptLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One client of a server that closes each connection when it has got a second request, as a server
/// does that closes idle connections in that moment.
class HttpLoadGeneratorTest {
  private static final byte[] RESPONSE =
      "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}".getBytes(US_ASCII);

  @TempDir private Path folder = Path.of(".");
  private final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;

  HttpLoadGeneratorTest() throws IOException {
    server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  }

  @BeforeEach
  void start() {
    Thread.ofVirtual().start(this::acceptAll);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> respondOnce(socket));
      }
    } catch (IOException ignored) {
      // the test has ended
    }
  }

  /// Each request arrives as a whole.
  private static void respondOnce(Socket socket) {
    byte[] request = new byte[8192];
    try (socket) {
      if (socket.getInputStream().read(request) > 0) {
        socket.getOutputStream().write(RESPONSE);
        var ignored = socket.getInputStream().read(request);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpLoadGenerator generator(Duration maxIdle) {
    return HttpLoadGenerator.open(
        new HttpLoadGenerator.Target(List.of(server.getLocalPort()), "token", 1),
        new Dataset(1, 1, 1),
        new BackpressureWindow(ReceiptLog.map(folder.resolve("receipts"), 10), 10, 1),
        Timestamps.map(folder.resolve("acknowledgements"), 10),
        maxIdle);
  }

  @Test
  void a_connection_that_was_idle_for_too_long_is_replaced() {
    try (HttpLoadGenerator generator = generator(Duration.ZERO)) {
      generator.run(3, 1);
      generator.runOne(3);
    }

    assertThat(connections).hasValue(5); // the first one was opened before
  }

  @Test
  void a_connection_that_is_closed_in_place_of_a_response_is_reported_with_its_idle_time() {
    try (HttpLoadGenerator generator = generator(Duration.ofMinutes(1))) {
      generator.run(1, 1);

      assertThatThrownBy(() -> generator.runOne(1))
          .hasMessageMatching(
              "the server closed the connection after \\d+ ms and 0 bytes of a response;"
                  + " it had been idle for \\d+ ms");
    }
  }
}
