package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class FaultProxyTest {
  private static final int TIMEOUT_MILLIS = 5000;
  private static final int SILENCE_MILLIS = 300;
  private ServerSocket echo;
  private Thread echoing;
  private FaultProxy proxy;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    echoing = Thread.ofVirtual().start(this::echoAll);
    proxy = FaultProxy.forPort(echo.getLocalPort());
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    closeEcho();
  }

  /// Until its thread ends, a closed socket may still accept connections.
  private void closeEcho() throws IOException, InterruptedException {
    echo.close();
    echoing.join();
  }

  @Test
  void the_proxy_forwards_everything_without_a_fault() throws IOException {
    try (Socket client = connect()) {
      assertThat(echoed(client, "hello")).isEqualTo("hello");
      assertThat(echoed(client, "x".repeat(100_000))).hasSize(100_000);
    }
  }

  @Test
  void latency_applies_to_both_directions() throws IOException {
    proxy.setFault(new Fault.Latency(Duration.ofMillis(100)));

    try (Socket client = connect()) {
      assertThat(millisToEcho(client, "hello")).isBetween(200L, 2000L);
    }
  }

  @Test
  void a_limited_bandwidth_limits_the_throughput() throws IOException {
    proxy.setFault(new Fault.Bandwidth(100_000));

    try (Socket client = connect()) {
      assertThat(millisToEcho(client, "x".repeat(40_000))).isBetween(390L, 5000L);
    }
  }

  @Test
  void a_reset_closes_existing_and_new_connections() throws IOException {
    try (Socket old = connect()) {
      assertThat(echoed(old, "hello")).isEqualTo("hello");

      proxy.setFault(new Fault.Reset());

      assertThatThrownBy(() -> echoed(old, "again")).isInstanceOf(SocketException.class);
      assertThatThrownBy(
              () -> {
                try (Socket fresh = connect()) {
                  echoed(fresh, "hello");
                }
              })
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  void a_black_hole_holds_the_traffic_until_it_ends() throws IOException {
    try (Socket client = connect()) {
      proxy.setFault(new Fault.BlackHole());
      assertSilent(client);

      proxy.setFault(new Fault.None());

      assertThat(read(client, 5)).isEqualTo("hello");
    }
  }

  @Test
  void a_half_open_fault_affects_only_new_connections() throws IOException {
    try (Socket old = connect()) {
      assertThat(echoed(old, "hello")).isEqualTo("hello");

      proxy.setFault(new Fault.HalfOpen());

      assertThat(echoed(old, "still there")).isEqualTo("still there");
      try (Socket fresh = connect()) {
        assertSilent(fresh);
      }
    }
  }

  @Test
  void a_connection_is_closed_after_a_number_of_bytes() throws IOException {
    proxy.setFault(new Fault.CutAfter(7));

    try (Socket client = connect()) {
      client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
      assertThat(read(client, 5)).isEqualTo("hello");
      client.getOutputStream().write("world".getBytes(StandardCharsets.UTF_8));
      assertThat(client.getInputStream().readAllBytes().length).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void an_unreachable_target_appears_as_a_reset() throws Exception {
    closeEcho();

    try (Socket client = connect()) {
      assertThatThrownBy(
              () -> {
                echoed(client, "hello");
                echoed(client, "hello");
              })
          .isInstanceOf(SocketException.class);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  /// Sends `hello`, and expects no answer yet.
  private static void assertSilent(Socket client) throws IOException {
    client.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> echoed(client, "hello")).isInstanceOf(SocketTimeoutException.class);
    client.setSoTimeout(TIMEOUT_MILLIS);
  }

  private static String echoed(Socket client, String text) throws IOException {
    Thread.ofVirtual().start(() -> write(client, text));
    return read(client, text.length());
  }

  private static void write(Socket client, String text) {
    try {
      client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // the reader detects the failure
    }
  }

  private static long millisToEcho(Socket client, String text) throws IOException {
    long start = System.nanoTime();
    write(client, text);
    assertThat(read(client, text.length())).isEqualTo(text);
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static String read(Socket client, int bytes) throws IOException {
    byte[] read = client.getInputStream().readNBytes(bytes);
    if (read.length < bytes) {
      throw new SocketException("the connection was closed after " + read.length + " bytes");
    }
    return new String(read, StandardCharsets.UTF_8);
  }

  private void echoAll() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread.ofVirtual()
            .start(() -> {
              try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException _) {
                // the proxy closed the connection
              }
            });
      }
    } catch (IOException _) {
      // the connection was closed
    }
  }
}
