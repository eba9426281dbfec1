package dev.runhook.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sends slow requests to a server on loopback.
@Tag("slow")
class RequestDeadlineHandlerTest {
  private static final Duration DEADLINE = Duration.ofMillis(700);
  private static final Duration SOON = Duration.ofSeconds(8);
  private static final String BODY = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";

  private final CountDownLatch never = new CountDownLatch(1);
  private final Javalin javalin =
      Javalin.create(
              config -> {
                HttpApi.configure(config, DEADLINE, ConnectionLimits.defaults());
                config.jetty.host = "127.0.0.1";
                config.routes.get("/quick", context -> context.result("quick"));
                config.routes.post("/echo", context -> context.result(context.body()));
                config.routes.get(
                    "/slow",
                    context -> {
                      assertThat(never.await(DEADLINE.toMillis() * 2, TimeUnit.MILLISECONDS))
                          .isFalse();
                      context.result("slow");
                    });
              })
          .start(0);

  @AfterEach
  void tearDown() {
    javalin.stop();
  }

  @Test
  void a_silent_client_is_disconnected() throws Exception {
    try (Socket silent = connect()) {
      assertThat(silent.getInputStream().read()).isNegative();
    }
  }

  @Test
  void a_client_that_sends_headers_slowly_is_disconnected() throws Exception {
    try (Socket slow = connect()) {
      send(slow, "GET /quick HTTP/1.1\r\nHost: x\r\nX-Long: ");

      assertThat(timeUntilDisconnect(slow)).isBetween(DEADLINE.minusMillis(200), SOON);
    }
  }

  @Test
  void a_client_that_sends_a_body_slowly_is_disconnected() throws Exception {
    for (String head :
        List.of(
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n")) {
      try (Socket slow = connect()) {
        send(slow, head);

        assertThat(timeUntilDisconnect(slow)).isBetween(DEADLINE.minusMillis(200), SOON);
      }
    }
  }

  @Test
  void a_client_that_sends_a_second_request_slowly_is_disconnected() throws Exception {
    try (Socket slow = connect()) {
      send(slow, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readResponse(slow)).startsWith("HTTP/1.1 200").endsWith("quick");
      send(slow, "GET /quick HTTP/1.1\r\n");

      assertThat(timeUntilDisconnect(slow)).isBetween(DEADLINE.minusMillis(200), SOON);
    }
  }

  @Test
  void a_prompt_client_can_send_many_requests() throws Exception {
    try (Socket socket = connect()) {
      long start = System.nanoTime();
      while (Duration.ofNanos(System.nanoTime() - start).compareTo(DEADLINE.multipliedBy(2)) < 0) {
        send(socket, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(readResponse(socket)).startsWith("HTTP/1.1 200").endsWith("quick");
        send(socket, BODY + "hello");
        assertThat(readResponse(socket)).startsWith("HTTP/1.1 200").endsWith("hello");
        assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
  }

  @Test
  void a_response_has_no_deadline() throws Exception {
    try (Socket client = connect()) {
      send(client, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(readResponse(client)).startsWith("HTTP/1.1 200").endsWith("slow");
    }
  }

  @Test
  void many_slow_clients_do_not_delay_others() throws Exception {
    List<Socket> slowClients = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket slow = connect();
        slowClients.add(slow);
        send(slow, i % 2 == 0 ? "GET /quick HTTP/1.1\r\nHost: " : BODY + "h");
      }
      try (Socket quick = connect()) {
        long start = System.nanoTime();
        send(quick, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(readResponse(quick)).endsWith("quick");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
      }
      for (Socket slow : slowClients) {
        assertThat(isCutOff(slow)).isTrue();
      }
    } finally {
      for (Socket slow : slowClients) {
        slow.close();
      }
    }
  }

  /// Sends single bytes and returns the time until the server disconnects the client.
  private Duration timeUntilDisconnect(Socket slow) throws InterruptedException {
    long start = System.nanoTime();
    Duration took = Duration.ZERO;
    while (took.compareTo(SOON) < 0) {
      try {
        send(slow, "a");
      } catch (IOException ignored) {
        break;
      }
      assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
      took = Duration.ofNanos(System.nanoTime() - start);
    }
    return took;
  }

  private static boolean isCutOff(Socket socket) {
    try {
      while (socket.getInputStream().read() >= 0) {
        // the server may send a response before it disconnects
      }
      return true;
    } catch (SocketTimeoutException ignored) {
      return false;
    } catch (IOException ignored) {
      return true;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), javalin.port());
    socket.setSoTimeout((int) SOON.toMillis());
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  /// Reads a response that arrives as a whole.
  private static String readResponse(Socket socket) throws IOException {
    byte[] bytes = new byte[8192];
    return new String(bytes, 0, Math.max(0, socket.getInputStream().read(bytes)), US_ASCII);
  }
}
