package dev.runhook.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.server.OpenApiSpecification;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sends many strings in every text field of every request. Each string is returned unchanged or
/// rejected with a 4xx status, never with 500.
@Tag("slow")
class UnicodeTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// JSON strings, some of them with escapes that Jackson does not write.
  private static final List<String> TEXTS =
      List.of(
          json("Zażółć gęślą jaźń"),
          json("Съешь ещё этих мягких французских булок"),
          json("Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία"),
          json("שלום עולם"),
          json("مرحبا بالعالم \u202e rtl"),
          json("नमस्ते दुनिया"),
          json("สวัสดีชาวโลก"),
          json("こんにちは世界 ｆｕｌｌ"),
          json("你好，世界 𠜎"),
          json("안녕하세요"),
          json("👩‍👩‍👧‍👦 🏳️‍🌈 🚀"),
          json("e\u0301 vs é, \ufeff, \u200b, \u2028, \u2029, \ufffe, \uffff"),
          json("\b\t\n\f\r\u0001\u001b\u007f\u0085"),
          json("\"quoted\" \\ / <b>&amp;</b> ' `$(x)` %00 ../.. {{7*7}} ${x}"),
          json("'; drop table runhook.webhook; --"),
          json(" both ends "),
          json(""),
          json(" "),
          json("x".repeat(128)),
          json("🚀".repeat(64)),
          json("ü".repeat(256)),
          json("🚀".repeat(128)),
          json("x".repeat(257)),
          json("ü".repeat(4096)),
          json("🚀".repeat(2048)),
          json("x".repeat(4097)),
          json("x".repeat(16_385)),
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\\udc00\"",
          "\"a\\ud83d b\"",
          "\"\\ude80\\ud83d\"",
          "\"\\ud83d\\ude80\"");

  private final TestServer server = new TestServer();
  private String webhook = "";
  private int lastId;

  @BeforeEach
  void setUp() {
    server.withDemoStack();
    server
        .post("/stacks/demo/runs", "{\"id\":\"r1\",\"branch\":\"m\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
    webhook =
        server
            .post("/stacks/demo/webhooks", "{\"endpoint\":\"https://example.com/first\"}")
            .is(201)
            .textAt("/id");
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  static Stream<OpenApiSpecification.ApiOperation> reading() {
    return OpenApiSpecification.INSTANCE.operations().stream()
        .filter(operation -> operation.acceptsBody() && operation.takesToken())
        .filter(call -> !places(call).isEmpty());
  }

  @Test
  void there_are_operations_with_text_fields() {
    assertThat(reading()).hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @MethodSource("reading")
  void any_text_in_any_field_is_stored_unchanged_or_rejected(
      OpenApiSpecification.ApiOperation operation) {
    for (JsonPointer place : places(operation)) {
      for (String text : TEXTS) {
        TestResponse response = send(operation, place, text);

        assertThat(response.at("/status").asInt(200))
            .as("%s %s %.80s", operation, place, text)
            .isIn(200, 400, 403, 404, 409, 422);
        JsonNode back = response.json().at(place);
        boolean isEchoed =
            back.isTextual() && !place.toString().startsWith("/headers/"); // those are masked
        if (isEchoed && !response.text().contains("urn:runhook:problem:")) {
          assertThat(back).as("%s %s", operation, place).isEqualTo(node(text));
        }
      }
    }
  }

  @Test
  void a_secret_is_stored_unchanged_or_rejected() {
    int stored = 0;
    for (String text : TEXTS) {
      TestResponse response =
          server.post("/stacks/demo/webhooks/" + webhook + "/secret", "{\"secret\":" + text + "}");
      if (response.json().has("secret")) {
        stored++;
        assertThat(response.at("/secret")).isEqualTo(node(text));
      } else {
        response.isValidationError("/secret");
      }
    }
    assertThat(stored).isPositive();
  }

  @Test
  void a_note_is_stored_unchanged_or_rejected() {
    int version = 1;
    for (String text : TEXTS) {
      String body = "{\"state\":\"PREPARING\",\"stateVersion\":" + (version + 1);
      TestResponse response =
          server.post("/stacks/demo/runs/r1/transitions", body + ",\"note\":" + text + "}");
      if (response.json().has("stateVersion")) {
        version++;
        JsonNode transitions = server.get("/stacks/demo/runs/r1").at("/transitions");
        assertThat(transitions.get(version - 1).path("note")).isEqualTo(node(text));
      } else {
        response.isValidationError("/note");
      }
    }
    assertThat(version).isGreaterThan(15);
  }

  private TestResponse send(
      OpenApiSpecification.ApiOperation operation, JsonPointer place, String text) {
    JsonNode whole = example(operation).deepCopy();
    String unique = "n" + lastId++;
    ObjectNode body = (ObjectNode) (whole.isArray() ? whole.path(0) : whole);
    if (body.has("id")) {
      body.put("id", unique);
    }
    if (body.has("endpoint") && operation.method().equals("POST")) {
      body.put("endpoint", "https://example.com/" + unique);
    }
    if (body.has("stateVersion")) {
      body.remove("stateVersion");
    }
    String json = put(whole, place, text);
    String path =
        operation
            .path()
            .replace(ApiResponse.BASE_PATH, "")
            .replace("{stack}", "demo")
            .replace("{run}", "r1")
            .replace("{webhook}", webhook)
            .replaceAll("\\{[a-z]+}", webhook);
    return server.send(server.request(operation.method(), path, BodyPublishers.ofString(json)));
  }

  /// Inserts the JSON text verbatim, because a Jackson tree cannot hold all of these strings.
  private static String put(JsonNode body, JsonPointer place, String text) {
    String mark = "put-the-text-here";
    JsonNode parent = body.at(place.head());
    String last = Objects.requireNonNull(place.last()).getMatchingProperty();
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(last), mark);
    } else {
      ((ObjectNode) parent).put(last, mark);
    }
    return body.toString().replace("\"" + mark + "\"", text);
  }

  private static JsonNode example(OpenApiSpecification.ApiOperation operation) {
    Object example =
        Objects.requireNonNull(
                operation.definition().getRequestBody().getContent().get("application/json"))
            .getExample();
    return example == null ? MAPPER.createObjectNode() : MAPPER.valueToTree(example);
  }

  private static List<JsonPointer> places(OpenApiSpecification.ApiOperation operation) {
    List<JsonPointer> places = new ArrayList<>();
    collect(example(operation), JsonPointer.empty(), places);
    return places;
  }

  private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
    if (node.isTextual()) {
      places.add(at);
    } else if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(field -> collect(field.getValue(), at.appendProperty(field.getKey()), places));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        collect(array.get(i), at.appendIndex(i), places);
      }
    }
  }

  private static JsonNode node(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String json(String text) {
    return Json.write(text);
  }
}
