package dev.runhook.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Requests that would use more than their share of memory or connections.
class RequestLimitsTest {
  private static final int MIB = 1024 * 1024;
  private final TestServer server =
      new TestServer(config -> {
            HttpApi.configure(config, _ -> {}, new ConnectionLimits(4096, 300));
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
      send(socket, "POST /api/v1/session", "X-Runhook-Page: 1", MIB);

      assertThat(read(socket)).startsWith("HTTP/1.1 413").contains("larger than 4096 bytes");
    }
  }

  @Test
  void the_sign_in_reads_at_most_four_kibibytes_of_a_body_of_unknown_size() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "POST /api/v1/session", "Transfer-Encoding: chunked", -1);
      String chunk = "2000\r\n" + " ".repeat(0x2000) + "\r\n0\r\n\r\n";
      socket.getOutputStream().write(chunk.getBytes(US_ASCII));

      assertThat(read(socket)).startsWith("HTTP/1.1 413").contains("larger than 4096 bytes");
    }
  }

  @Test
  void the_bodies_of_one_account_use_only_its_share_of_the_memory() throws IOException {
    byte[] part = new byte[MIB - 20_000];
    Arrays.fill(part, (byte) ' ');
    String json = "{\"name\":\"Demo\"}" + " ".repeat(MIB - 100);
    List<Socket> held = new ArrayList<>();
    String refused = "";
    try {
      long most = Runtime.getRuntime().maxMemory() / 16 / 4 / part.length + 2;
      for (int i = 0; i < Math.min(most, 280) && refused.isEmpty(); i++) {
        Socket socket = connect();
        held.add(socket);
        send(socket, "PUT /api/v1/stacks/demo", bearer(TestServer.ADMIN), MIB);
        socket.getOutputStream().write(part);
        socket.setSoTimeout(50);
        refused = read(socket);
      }

      assertThat(refused).startsWith("HTTP/1.1 503").contains("overloaded", "Retry-After: 1");
      server.sendAs(TestServer.OTHER_ACCOUNT, "PUT", "/stacks/other", json).is(201);
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
    } catch (SocketException | SocketTimeoutException _) {
      // nothing more
    }
    return text.toString();
  }

  private static boolean isClosedByPeer(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException _) {
      return true; // reset
    }
  }
}
