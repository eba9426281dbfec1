package dev.runhook.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.application.access.AccessConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Requests that would use more than their share of memory or connections.
@Tag("slow")
class RequestLimitsTest {
  private static final int MIB = 1024 * 1024;
  private final TestServer server =
      new TestServer(
              config -> {
                HttpApi.configure(config, ignored -> {}, new ConnectionLimits(4096, 300));
                config.routes.get("/own", context -> context.result("mine"));
              })
          .withDemoStack();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void the_sign_in_refuses_a_large_body_before_it_arrives() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "POST /api/v1/session", "X-Runhook-Csrf: 1", MIB);

      assertThat(read(socket)).startsWith("HTTP/1.1 413").contains("larger than 4096 bytes");
    }
  }

  @Test
  void the_sign_in_reads_at_most_four_kibibytes_of_a_body_of_unknown_size() throws IOException {
    try (Socket socket = connect()) {
      send(
          socket,
          "POST /api/v1/session",
          "X-Runhook-Csrf: 1\r\nConnection: close\r\nTransfer-Encoding: chunked",
          -1);
      String chunk = "2000\r\n" + " ".repeat(0x2000) + "\r\n0\r\n\r\n";
      socket.getOutputStream().write(chunk.getBytes(US_ASCII));

      assertThat(read(socket)).startsWith("HTTP/1.1 413").contains("larger than 4096 bytes");
    }
  }

  @Test
  void the_bodies_of_an_account_are_read_a_few_at_a_time() throws IOException {
    String request = "POST /api/v1/transitions";
    String ofOneMebibyte = bearer(TestServer.ADMIN) + "\r\nContent-Length: 1048576";
    String chunked = bearer(TestServer.ADMIN) + "\r\nTransfer-Encoding: chunked";
    List<Socket> held = new ArrayList<>();
    try {
      for (String headers : List.of(ofOneMebibyte, ofOneMebibyte, chunked, chunked)) {
        Socket socket = connect();
        held.add(socket);
        send(socket, request, headers, -1);
      }

      await() // until the server has received the others
          .until(() -> server.post("/transitions", "[]" + " ".repeat(20_000)).status() == 503);
      server.put("/stacks/small", "{\"name\":\"x\"}").is(201);
      server
          .sendAs(TestServer.OTHER_ACCOUNT, "POST", "/transitions", "[]" + " ".repeat(MIB - 2))
          .isOk();
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void a_body_with_too_many_values_is_refused() {
    String dense = "[" + "{},".repeat(30_000) + "{}]";

    assertThat(server.post("/transitions", "[" + dense + "]").is(400).textAt("/detail"))
        .contains("50000 JSON tokens");
  }

  @Test
  void further_connections_from_one_address_are_closed() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 301; i++) {
        open.add(connect());
      }
      Socket last = open.getLast();
      last.setSoTimeout(10_000);

      assertThat(isClosedByPeer(last)).isTrue();
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void every_response_says_what_is_left_of_the_request_limit() {
    try (TestServer limited = new TestServer(AccessConfig.defaults().withRequestsPerSecond(1))) {
      TestResponse first = limited.get("/stacks").isOk();
      limited.get("/stacks").isOk();
      TestResponse refused = limited.get("/stacks").isProblem(429, "too-many-requests");

      assertThat(first.header("RateLimit-Policy")).isEqualTo("\"requests\";q=2;w=2");
      assertThat(first.header("RateLimit")).isEqualTo("\"requests\";r=1;t=1");
      assertThat(refused.header("RateLimit")).isEqualTo("\"requests\";r=0;t=1");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
    }
  }

  @Test
  void a_large_signature_check_is_refused() {
    String body =
        "{\"secret\":\"s\",\"signature\":\"sha256=00\",\"body\":\"" + "x".repeat(65_536) + "\"}";

    assertThat(server.post("/signatures/check", body).isProblem(413, "too-large").textAt("/detail"))
        .contains("65536 bytes");
  }

  @Test
  void many_signature_checks_of_an_account_take_turns() throws Exception {
    String body =
        "{\"secret\":\"secret\",\"signature\":\"sha256=%s\",\"body\":\"%s\"}"
            .formatted("0".repeat(64), "x\\r\\n".repeat(12_000));
    List<Future<Integer>> checks = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(20)) {
      for (int i = 0; i < 20; i++) {
        checks.add(executor.submit(() -> server.post("/signatures/check", body).status()));
      }
    }

    List<Integer> statuses = new ArrayList<>();
    for (Future<Integer> check : checks) {
      statuses.add(check.get());
    }
    assertThat(statuses).containsOnly(200);
  }

  @Test
  void a_get_stays_a_get_whatever_a_header_says() {
    server
        .send(
            server
                .request("GET", "/stacks/demo", BodyPublishers.noBody())
                .header("X-HTTP-Method-Override", "DELETE"))
        .isOk();

    server.get("/stacks/demo").isOk();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private static void send(Socket socket, String line, String header, int length)
      throws IOException {
    String head =
        "%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n"
            .formatted(line, header);
    String announced = length < 0 ? "" : "Content-Length: " + length + "\r\n";
    socket.getOutputStream().write((head + announced + "\r\n").getBytes(US_ASCII));
  }

  /// Returns what the server has sent until it closes the connection or is silent.
  private static String read(Socket socket) throws IOException {
    if (socket.getSoTimeout() == 0) {
      socket.setSoTimeout(10_000);
    }
    StringBuilder text = new StringBuilder();
    try {
      byte[] buffer = new byte[8192];
      for (int n = socket.getInputStream().read(buffer);
          n > 0;
          n = socket.getInputStream().read(buffer)) {
        text.append(new String(buffer, 0, n, US_ASCII));
      }
    } catch (SocketException | SocketTimeoutException ignored) {
      // nothing more
    }
    return text.toString();
  }

  private static boolean isClosedByPeer(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException ignored) {
      return true; // reset
    }
  }
}
