package dev.runhook.http.server;

import static dev.runhook.http.server.HostKind.PREFIX;
import static dev.runhook.http.server.TestServer.ADMIN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.runhook.http.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients of a `HttpServer` of the JDK that are slow, leave, or send what is refused. No exchange
/// keeps its thread.
@Timeout(60)
class HttpApiHandlerTest {
  private static final Duration DEADLINE = Duration.ofMillis(700);
  private static final String AUTHORIZED =
      " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ADMIN + "\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";

  private final TestServer server =
      new TestServer((api, ignored) -> HostKind.httpServer(api, DEADLINE), PREFIX, api -> api);

  @TempDir private Path directory;

  private int dumps;

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void an_event_stream_ends_when_its_client_leaves() throws Exception {
    try (Socket client = connect()) {
      send(client, "GET " + eventStream() + AUTHORIZED + "\r\n");

      assertThat(readUntil(client, "retry: 2000"))
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("Content-type: text/event-stream");
      assertThat(openExchanges()).isEqualTo(1);
      assertThat(
              server.sendUndescribed(request("GET", "/stacks", BodyPublishers.noBody())).status())
          .isEqualTo(200);
    }
    awaitNoExchange();
  }

  @Test
  void an_event_stream_ends_when_the_host_closes_the_api() throws Exception {
    try (Socket client = connect()) {
      send(client, "GET " + eventStream() + AUTHORIZED + "\r\n");
      readUntil(client, "\r\n\r\n");

      server.closeApi();

      awaitNoExchange();
    }
  }

  @Test
  void a_client_that_sends_a_body_slowly_is_disconnected() throws Exception {
    try (Socket slow = connect()) {
      send(slow, "PUT " + PREFIX + "/api/v1/stacks/demo" + AUTHORIZED + JSON);
      send(slow, "Content-Length: 100000\r\n\r\n{");

      assertThat(isCutOff(slow)).isTrue();
      awaitNoExchange();
    }
  }

  @Test
  void a_client_that_does_not_receive_its_responses_is_disconnected() throws Exception {
    String page =
        server
            .sendUndescribed(server.rawRequest("GET", PREFIX + "/docs", BodyPublishers.noBody()))
            .text();
    String script = page.replaceAll("(?s).* src=\"(docs/redoc-[^\"]+)\".*", "$1");
    assertThat(script).startsWith("docs/redoc-");
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      for (int i = 0; i < 40; i++) {
        send(slow, "GET " + PREFIX + "/" + script + " HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> openExchanges() == 1);

      awaitNoExchange();
    }
  }

  @Test
  void a_client_that_leaves_while_it_sends_a_body_leaves_no_thread() throws Exception {
    try (Socket client = connect()) {
      send(client, "PUT " + PREFIX + "/api/v1/stacks/demo" + AUTHORIZED + JSON);
      send(client, "Content-Length: 100000\r\n\r\n{");
    }
    awaitNoExchange();
  }

  @Test
  void a_large_body_arrives_and_one_that_is_too_large_is_refused() throws Exception {
    String name = "{\"name\":\"Demo\"" + " ".repeat(Json.MAX_BYTES - 100) + "}";

    put("demo", name).is(201);
    put("demo", name + " ".repeat(200)).isProblem(413, "too-large");
    server
        .send(
            request(
                "PUT",
                "/stacks/demo",
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(new byte[2 * Json.MAX_BYTES]))))
        .isProblem(413, "too-large");
    put("demo", "{").isProblem(400, "validation-error");
    awaitNoExchange();
  }

  @Test
  void a_head_request_gets_the_length_without_the_body() throws Exception {
    try (Socket client = connect()) {
      for (int i = 0; i < 2; i++) { // on the same connection
        send(client, "HEAD " + PREFIX + "/api/v1/stacks" + AUTHORIZED + "\r\n");
        String head = readUntil(client, "\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
        assertThat(head).containsPattern("(?i)content-length: [1-9]");
      }
      send(client, "GET " + PREFIX + "/api/v1/stacks" + AUTHORIZED + "\r\n");
      assertThat(readUntil(client, "\"items\"")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void a_method_that_an_exchange_does_not_have_is_named() {
    HttpServletRequest request = ExchangeResponse.unsupported(HttpServletRequest.class);

    assertThatThrownBy(request::getSession)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("getSession");
  }

  /// Creates a webhook and returns the path of the stream of its deliveries.
  private String eventStream() {
    put("demo", "{\"name\":\"Demo\"}").is(201);
    String webhook =
        server
            .send(
                request(
                    "POST",
                    "/stacks/demo/webhooks",
                    BodyPublishers.ofString("{\"endpoint\":\"https://hooks.example.com/in\"}")))
            .is(201)
            .textAt("/id");
    return PREFIX + "/api/v1/stacks/demo/webhooks/" + webhook + "/deliveries/events";
  }

  private HttpRequest.Builder request(String method, String path, BodyPublisher body) {
    return server
        .rawRequest(method, PREFIX + "/api/v1" + path, body)
        .header("Authorization", "Bearer " + ADMIN)
        .header("Content-Type", "application/json");
  }

  private TestResponse put(String stack, String json) {
    return server.send(request("PUT", "/stacks/" + stack, BodyPublishers.ofString(json)));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      text.append((char) next);
      if (text.toString().endsWith(end)) {
        break;
      }
    }
    return text.toString();
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

  private void awaitNoExchange() {
    await().atMost(Duration.ofSeconds(20)).until(() -> openExchanges() == 0);
  }

  /// Only a dump contains virtual threads.
  private long openExchanges() throws IOException {
    Path dump = directory.resolve("threads-" + dumps++);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
    return Files.readString(dump).lines().filter(line -> line.contains("runhook-exchange")).count();
  }
}
