package dev.runhook.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.http.api.Routes;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Any text in any field of any request that `openapi.yaml` knows: it comes back as it was, or is
/// answered 400 and the like, never 500.
class UnicodeTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// With how they are written in JSON, where that is another way than the library's.
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
          json("x".repeat(65_536)),
          json("ü".repeat(65_536)),
          json("🚀".repeat(32_768)),
          json("x".repeat(65_537)),
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\\udc00\"",
          "\"a\\ud83d b\"",
          "\"\\ude80\\ud83d\"",
          "\"\\ud83d\\ude80\"");

  private final TestServer server = new TestServer();
  private String webhook = "";
  private int made;

  @BeforeEach
  void fill() {
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
  void stop() {
    server.close();
  }

  static Stream<OpenApiSpecification.ApiOperation> reading() {
    return OpenApiSpecification.INSTANCE.operations().stream()
        .filter(apiOperation -> apiOperation.acceptsBody() && !apiOperation.role().equals("open"))
        .filter(call -> !places(call).isEmpty());
  }

  @Test
  void there_are_such_calls() {
    assertThat(reading()).hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @MethodSource("reading")
  void any_text_in_any_field_is_kept_as_it_is_or_refused(
      OpenApiSpecification.ApiOperation apiOperation) {
    for (JsonPointer place : places(apiOperation)) {
      for (String text : TEXTS) {
        TestResponse testResponse = send(apiOperation, place, text);

        assertThat(testResponse.at("/status").asInt(200))
            .as("%s %s %.80s", apiOperation, place, text)
            .isIn(200, 400, 403, 404, 409, 422);
        JsonNode back = testResponse.json().at(place);
        if (back.isTextual() && !testResponse.text().contains("urn:runhook:problem:")) {
          assertThat(back).as("%s %s", apiOperation, place).isEqualTo(node(text));
        }
      }
    }
  }

  @Test
  void a_secret_is_kept_as_it_is_or_refused() {
    int kept = 0;
    for (String text : TEXTS) {
      TestResponse testResponse =
          server.post("/stacks/demo/webhooks/" + webhook + "/secret", "{\"secret\":" + text + "}");
      if (testResponse.json().has("secret")) {
        kept++;
        assertThat(testResponse.at("/secret")).isEqualTo(node(text));
      } else {
        testResponse.isValidationError("/secret");
      }
    }
    assertThat(kept).isPositive();
  }

  @Test
  void a_note_is_kept_as_it_is_or_refused() {
    int version = 1;
    for (String text : TEXTS) {
      String body = "{\"state\":\"PREPARING\",\"stateVersion\":" + (version + 1);
      TestResponse testResponse =
          server.post("/stacks/demo/runs/r1/transitions", body + ",\"note\":" + text + "}");
      if (testResponse.json().has("stateVersion")) {
        version++;
        JsonNode transitions = server.get("/stacks/demo/runs/r1").at("/transitions");
        assertThat(transitions.get(version - 1).path("note")).isEqualTo(node(text));
      } else {
        testResponse.isValidationError("/note");
      }
    }
    assertThat(version).isGreaterThan(15);
  }

  private TestResponse send(
      OpenApiSpecification.ApiOperation apiOperation, JsonPointer place, String text) {
    JsonNode whole = example(apiOperation).deepCopy();
    String unique = "n" + made++;
    ObjectNode body = (ObjectNode) (whole.isArray() ? whole.path(0) : whole);
    if (body.has("id")) {
      body.put("id", unique);
    }
    if (body.has("endpoint") && apiOperation.method().equals("POST")) {
      body.put("endpoint", "https://example.com/" + unique);
    }
    if (body.has("stateVersion")) {
      body.remove("stateVersion");
    }
    String json = put(whole, place, text);
    String path =
        apiOperation
            .path()
            .replace(Routes.BASE_PATH, "")
            .replace("{stack}", "demo")
            .replace("{run}", "r1")
            .replace("{webhook}", webhook)
            .replaceAll("\\{[a-z]+}", webhook);
    return server.send(server.request(apiOperation.method(), path, BodyPublishers.ofString(json)));
  }

  /// The text goes in as it is written, which the library's own tree could not hold.
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

  private static JsonNode example(OpenApiSpecification.ApiOperation apiOperation) {
    Object example =
        Objects.requireNonNull(
                apiOperation.operation().getRequestBody().getContent().get("application/json"))
            .getExample();
    return example == null ? MAPPER.createObjectNode() : MAPPER.valueToTree(example);
  }

  private static List<JsonPointer> places(OpenApiSpecification.ApiOperation apiOperation) {
    List<JsonPointer> places = new ArrayList<>();
    collect(example(apiOperation), JsonPointer.empty(), places);
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
