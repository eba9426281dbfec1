package dev.runhook.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.server.OpenApiSpecification;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sends bodies that are not JSON objects in UTF-8 to every route that reads a body.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedBodyTest {
  private static final List<String> TEXTS =
      List.of(
          " ",
          "\n",
          "{",
          "}",
          "[",
          "]",
          "{]",
          "[}",
          "null",
          "true",
          "7",
          "\"text\"",
          "[]",
          "[{}]",
          "{} {}",
          "{}{",
          "{}}",
          "{},",
          "{}x",
          "{}\0",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\" 1}",
          "{:1}",
          "{,}",
          "{\"a\":1,}",
          "{\"a\":1 \"b\":2}",
          "{a:1}",
          "{'a':1}",
          "{\"a\":'b'}",
          "{1:1}",
          "{\"a\":01}",
          "{\"a\":+1}",
          "{\"a\":.5}",
          "{\"a\":1.}",
          "{\"a\":-}",
          "{\"a\":1e}",
          "{\"a\":0x1}",
          "{\"a\":NaN}",
          "{\"a\":Infinity}",
          "{\"a\":tru}",
          "{\"a\":TRUE}",
          "{\"a\":nul}",
          "{\"a\":undefined}",
          "{\"a\":\"}",
          "{\"a\":\"\t\"}",
          "{\"a\":\"\n\"}",
          "{\"a\":\"\0\"}",
          "{\"a\":\"\\x\"}",
          "{\"a\":\"\\u12\"}",
          "{\"a\":\"\\u12G4\"}",
          "{\"a\":\"\\\"}",
          "{\"\\ud800\":1}",
          "// c\n{}",
          "{}/* c */",
          "{\"a\":1#\n}",
          "\ufeff{}",
          "<a/>",
          "a=1",
          "--- a",
          "{\"a\":1,\"a\":1}",
          "{\"a\":{\"b\":1,\"b\":2}}",
          "[".repeat(100_000),
          "{\"a\":".repeat(100_000),
          "{\"a\":" + "[".repeat(65) + "]".repeat(65) + "}",
          "{\"a\":" + "1".repeat(65) + "}",
          "{\"a\":\"" + "x".repeat(256 * 1024 + 1) + "\"}",
          "{\"" + "x".repeat(257) + "\":1}",
          manyFields());

  /// A route that takes an array validates each of its items.
  private static final List<String> LISTS = List.of("/transitions");

  private static final List<byte[]> BYTES =
      List.of(
          new byte[0],
          new byte[] {0},
          new byte[] {(byte) 0xff},
          "{\"name\":\"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1),
          new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'},
          new byte[] {
            '{', '"', 'a', '"', ':', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', '}'
          },
          "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_16),
          "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_16LE),
          "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_16BE));

  private final TestServer server = new TestServer();
  private String webhook = "";
  private String accountWebhook = "";

  @BeforeAll
  void setUp() {
    server.withDemoStack();
    server
        .post("/stacks/demo/runs", "{\"id\":\"r1\",\"branch\":\"m\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
    webhook =
        server
            .post("/stacks/demo/webhooks", "{\"endpoint\":\"https://example.com\"}")
            .is(201)
            .textAt("/id");
    accountWebhook =
        server
            .post(
                "/account-webhooks",
                "{\"endpoint\":\"https://example.com\",\"selector\":{\"stacks\":[\"other\"]}}")
            .is(201)
            .textAt("/id");
  }

  @AfterAll
  void tearDown() {
    server.close();
  }

  private static String manyFields() {
    StringBuilder object = new StringBuilder("{\"a\":1");
    IntStream.range(0, 50_000).forEach(i -> object.append(",\"f").append(i).append("\":1"));
    return object.append('}').toString();
  }

  static Stream<String> routes() {
    return Stream.concat(
        Stream.of("PUT /stacks/new"),
        OpenApiSpecification.INSTANCE.operations().stream()
            .filter(operation -> operation.requiresBody() && operation.takesToken())
            .filter(call -> !call.path().endsWith("/api/v1/transitions")) // takes an array
            .map(call ->
                call.toString()
                    .replace(ApiResponse.BASE_PATH, "")
                    .replace("{stack}", "demo")
                    .replace("{run}", "r1")
                    .replaceAll("\\{[a-z]+}", "WEBHOOK")));
  }

  private String path(String route) {
    return route
        .substring(route.indexOf(' ') + 1)
        .replace("/account-webhooks/WEBHOOK", "/account-webhooks/" + accountWebhook)
        .replace("WEBHOOK", webhook);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void a_body_that_is_not_a_json_object_is_rejected(String route) {
    String method = route.substring(0, route.indexOf(' '));
    String path = path(route);
    String before = all();

    Stream<byte[]> texts =
        TEXTS.stream()
            .filter(text -> !(LISTS.contains(path) && text.matches("\\[(\\{})?]")))
            .filter(text -> text.length() < 65_536 || !path.equals("/signatures/check"))
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
    Stream.concat(texts, BYTES.stream())
        .forEach(body -> {
          TestResponse response =
              server.send(server.request(method, path, BodyPublishers.ofByteArray(body)));
          response.isProblem(400, "validation-error");
          assertThat(response.at("/errors").size()).isBetween(1, 20);
          assertThat(response.at("/errors/0/pointer").isTextual()).isTrue();
          assertThat(response.text())
              .doesNotContain("jackson", "Exception", "dev.runhook", "\tat ");
        });

    assertThat(all()).isEqualTo(before);
  }

  /// The routes whose bodies Runhook defines. It reads only some fields of a notification.
  static Stream<String> ownRoutes() {
    return routes().filter(route -> !route.contains("/ingest/"));
  }

  @ParameterizedTest
  @MethodSource("ownRoutes")
  void every_wrong_type_in_every_field_is_rejected(String route) {
    String method = route.substring(0, route.indexOf(' '));
    String path = path(route);
    List<String> fields =
        List.of(
            "name",
            "id",
            "branch",
            "commit",
            "state",
            "stateVersion",
            "timestamp",
            "delta",
            "endpoint",
            "secret",
            "headers",
            "states",
            "overlap");

    for (String field : fields) {
      for (String value :
          List.of("1.5", "-1e400", "{\"x\":{}}", "[[]]", "[1]", "false", "\"\\udc00\"")) {
        if (field.equals("delta") && value.equals("false")) {
          continue; // a filter of webhooks
        }
        server
            .send(
                server.request(
                    method, path, BodyPublishers.ofString("{\"" + field + "\":" + value + "}")))
            .isProblem(400, "validation-error");
      }
    }
  }

  /// Returns everything but the beginning of trends, which moves on with the database clock.
  private String all() {
    return Stream.of(
            "/stacks",
            "/stacks/demo/runs",
            "/stacks/demo/runs/r1",
            "/stacks/demo/webhooks",
            "/account-webhooks")
        .map(path -> server.get(path).text().replaceAll("\"from\":\"[^\"]*\"", ""))
        .collect(Collectors.joining());
  }
}
