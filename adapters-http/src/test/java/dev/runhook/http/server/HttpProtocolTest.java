package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpProtocolTest {
  private static final String STACK = "{\"name\":\"x\"}";

  private final TestServer server = new TestServer();

  @BeforeAll
  void setUp() {
    server.withDemoStack();
  }

  @AfterAll
  void tearDown() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/stacks/demo/nothing",
        "/health",
        "/health/x/y",
        "/nothing",
        "/api/v2/stacks"
      })
  void an_unknown_path_is_a_problem(String path) {
    server
        .send(server.rawRequest("GET", path, BodyPublishers.noBody()))
        .isProblem(404, "not-found");
    server
        .send(
            server
                .rawRequest("POST", path, BodyPublishers.ofString("{}"))
                .header("Accept", "text/html"))
        .isProblem(404, "not-found");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE,/api/v1/stacks,GET",
    "POST,/api/v1/stacks/demo,PUT",
    "PATCH,/api/v1/stacks/demo,DELETE",
    "PUT,/api/v1/stacks/demo/runs,POST",
    "OPTIONS,/api/v1/stacks,GET",
    "TRACE,/api/v1/stacks,GET",
    "PUT,/health/live,GET",
    "POST,/,GET"
  })
  void a_method_that_is_not_allowed_is_a_problem(String method, String path, String allowed) {
    TestResponse response =
        server
            .send(server.rawRequest(method, path, BodyPublishers.noBody()))
            .isProblem(405, "method-not-allowed");

    assertThat(response.header("Allow").split(", ")).contains(allowed).doesNotContain(method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "application/xml, text/*",
        "application/json;q=0",
        "application/problem+json"
      })
  void a_client_that_does_not_accept_json_gets_406(String accept) {
    server
        .send(server.request("GET", "/stacks", BodyPublishers.noBody()).header("Accept", accept))
        .isProblem(406, "not-acceptable");
    server
        .send(
            server
                .request("PUT", "/stacks/no", BodyPublishers.ofString(STACK))
                .header("Accept", accept))
        .is(406);
    server.get("/stacks/no").is(404);
  }

  @Test
  void a_deletion_may_accept_only_problems() {
    server.put("/stacks/old", STACK).is(201);

    TestResponse deleted =
        server.send(
            server
                .request("DELETE", "/stacks/old", BodyPublishers.noBody())
                .header("Accept", "application/problem+json"));

    assertThat(deleted.is(204).text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/*",
        "application/json",
        "APPLICATION/JSON; q=0.5",
        "text/html, */*;q=0.1"
      })
  void a_client_that_accepts_json_gets_it(String accept) {
    server
        .send(server.request("GET", "/stacks", BodyPublishers.noBody()).header("Accept", accept))
        .isOk();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "application/json; charset=iso-8859-1",
        "multipart/form-data"
      })
  void a_body_with_another_content_type_is_rejected(String type) {
    server
        .send(
            server
                .rawRequest("PUT", "/api/v1/stacks/no", BodyPublishers.ofString(STACK))
                .header("Authorization", "Bearer " + TestServer.ADMIN)
                .header("Content-Type", type))
        .isProblem(415, "unsupported-media-type");
    server.get("/stacks/no").is(404);
  }

  @Test
  void a_body_without_a_content_type_is_rejected() {
    server
        .send(
            server
                .rawRequest("PUT", "/api/v1/stacks/no", BodyPublishers.ofString(STACK))
                .header("Authorization", "Bearer " + TestServer.ADMIN))
        .isProblem(415, "unsupported-media-type");
  }

  @Test
  void a_compressed_body_is_rejected() {
    assertThat(
            server
                .send(
                    server
                        .request("PUT", "/stacks/no", BodyPublishers.ofString(STACK))
                        .header("Content-Encoding", "gzip"))
                .isProblem(415, "unsupported-media-type")
                .textAt("/detail"))
        .contains("Content-Encoding");
    server.get("/stacks/no").is(404);
    server
        .send(
            server
                .request("PUT", "/stacks/demo", BodyPublishers.ofString(STACK))
                .header("Content-Encoding", "identity"))
        .isOk();
  }

  @Test
  void a_byte_order_mark_is_reported() {
    TestResponse response =
        server.put("/stacks/no", "\ufeff" + STACK).isProblem(400, "validation-error");

    assertThat(response.textAt("/detail")).contains("byte order mark");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""})
  void the_charset_utf_8_may_be_stated(String type) {
    server
        .send(
            server
                .rawRequest("PUT", "/api/v1/stacks/demo", BodyPublishers.ofString(STACK))
                .header("Authorization", "Bearer " + TestServer.ADMIN)
                .header("Content-Type", type))
        .isOk();
  }

  @Test
  void a_body_over_one_mebibyte_is_too_large() {
    byte[] largest =
        (STACK + " ".repeat(Json.MAX_BYTES - STACK.length())).getBytes(StandardCharsets.UTF_8);
    byte[] larger =
        (STACK + " ".repeat(Json.MAX_BYTES - STACK.length() + 1)).getBytes(StandardCharsets.UTF_8);

    server
        .send(server.request("PUT", "/stacks/large", BodyPublishers.ofByteArray(largest)))
        .is(201);
    server
        .send(server.request("PUT", "/stacks/no", BodyPublishers.ofByteArray(larger)))
        .isProblem(413, "too-large");
    server
        .send(
            server.request(
                "PUT",
                "/stacks/no",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(larger))))
        .isProblem(413, "too-large");
    server.get("/stacks/no").is(404);
  }

  @Test
  void a_very_long_body_still_gets_a_response() {
    byte[] body = new byte[20 * Json.MAX_BYTES];

    server
        .send(server.request("PUT", "/stacks/no", BodyPublishers.ofByteArray(body)))
        .isProblem(413, "too-large");
  }

  @Test
  void responses_must_not_be_cached() {
    assertThat(server.get("/stacks").header("Cache-Control")).isEqualTo("no-store");
    assertThat(server.get("/stacks").header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/stacks/a%2Fb HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/stacks/%zz HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/stacks/%ff HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/stacks/..;/x HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/stacks HTTP/1.1\r\n",
        "GET /api/v1/stacks HTTP/1.1\r\nHost: x\r\nbad header\r\n",
        "PUT /api/v1/stacks/demo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n",
        "PUT /api/v1/stacks/demo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "GET /api/v1/stacks?limit=%zz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + TestServer.ADMIN
            + "\r\n",
        "GET /api/v1/stacks?%ff=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + TestServer.ADMIN
            + "\r\n",
        "FOO /api/v1/stacks HTTP/1.1\r\nHost: x\r\n",
        "PUT /api/v1/stacks/demo HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Transfer-Encoding: chunked\r\n"
            + "Content-Type: application/json\r\n"
            + "Authorization: Bearer "
            + TestServer.ADMIN
            + "\r\n\r\nzz\r\n",
        "PRI * HTTP/2.0\r\nHost: x\r\n",
        "GET /api/v1/stacks HTTP/1.1\r\nHost: x\r\nExpect: nothing\r\n",
      })
  void malformed_http_is_reported_as_a_client_error(String request) throws IOException {
    String response = raw(request + "Connection: close\r\n\r\n");

    assertThat(response)
        .matches("(?s)HTTP/1.1 4\\d\\d .*")
        .contains("application/problem+json", "\"type\":\"urn:runhook:problem:")
        .contains(
            "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
        .contains("X-Content-Type-Options: nosniff", "Cache-Control: no-store");
    assertThat(response).doesNotContain("Exception", "jetty", TestServer.ADMIN);
    assertDocumented(response);
  }

  @Test
  void a_long_path_or_header_is_a_client_error() throws IOException {
    String path = "GET /api/v1/stacks/" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n";
    String header = "GET /api/v1/stacks HTTP/1.1\r\nHost: x\r\nLong: " + "a".repeat(9_000) + "\r\n";

    assertDocumented(raw(path + "Connection: close\r\n\r\n"));
    assertDocumented(raw(header + "Connection: close\r\n\r\n"));
  }

  /// The documentation lists all types.
  private static void assertDocumented(String response) throws IOException {
    String type =
        response.replaceFirst("(?s).*\"type\":\"urn:runhook:problem:([a-z-]+)\".*", "`$1`");
    assertThat(Files.readString(Path.of("..", "docs", "api.md"))).contains(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/stacks/%zz HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/sta cks HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/stacks HTTP/9\r\nHost: x\r\n",
      })
  void the_response_to_a_malformed_request_line_has_an_id_and_ends_the_connection(String request)
      throws IOException {
    String response = raw(request + "X-Request-Id: id-of-the-caller\r\n\r\n");

    assertThat(response).containsPattern("X-Request-Id: [0-9a-f]{32}\r\n"); // headers are not read
    assertThat(response).contains("Connection: close\r\n");
    assertDocumented(response);
  }

  @Test
  void the_response_to_an_ambiguous_path_has_the_id_of_the_caller() throws IOException {
    String request = "GET /api/v1/stacks/..;/x HTTP/1.1\r\nHost: x\r\n";

    assertThat(raw(request + "X-Request-Id: id-of-the-caller\r\n\r\n"))
        .contains("X-Request-Id: id-of-the-caller\r\n");
    assertThat(raw(request + "X-Request-Id: {unsafe}\r\n\r\n"))
        .containsPattern("X-Request-Id: [0-9a-f]{32}\r\n");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
