package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// A response of the API.
public record TestResponse(int status, HttpResponse<String> response) {
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /// Asserts that a JSON body is one document that is as long as `Content-Length` says.
  static TestResponse of(HttpResponse<String> response) {
    TestResponse result = new TestResponse(response.statusCode(), response);
    boolean isHead = response.request().method().equals("HEAD");
    if (!isHead && result.header("Content-Type").matches("application/(problem\\+)?json")) {
      byte[] document = result.json().toString().getBytes(StandardCharsets.UTF_8);
      response
          .headers()
          .firstValueAsLong("Content-Length")
          .ifPresent(length -> assertThat(document).as(result.text()).hasSize((int) length));
    }
    return result;
  }

  public String text() {
    return response.body();
  }

  public String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  public JsonNode json() {
    return parsed(text());
  }

  static JsonNode parsed(String text) {
    try {
      return text.isEmpty() ? MissingNode.getInstance() : STRICT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  public JsonNode at(String pointer) {
    return json().at(pointer);
  }

  public String textAt(String pointer) {
    return at(pointer).asText();
  }

  /// The names of the fields in order.
  public List<String> fields() {
    return json().properties().stream().map(Map.Entry::getKey).toList();
  }

  public List<String> texts(String arrayPointer, String field) {
    return StreamSupport.stream(at(arrayPointer).spliterator(), false)
        .map(item -> item.path(field).asText())
        .toList();
  }

  public TestResponse isOk() {
    return is(200);
  }

  public TestResponse is(int expected) {
    assertThat(status).as(text()).isEqualTo(expected);
    return this;
  }

  /// Asserts a problem with the given status and type.
  public TestResponse isProblem(int expected, String kind) {
    is(expected);
    assertThat(header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(textAt("/type")).isEqualTo("urn:runhook:problem:" + kind);
    assertThat(at("/status").asInt()).isEqualTo(expected);
    assertThat(textAt("/title")).isNotBlank();
    assertThat(textAt("/detail")).isNotBlank();
    return this;
  }

  /// Asserts a validation error with exactly these pointers.
  public TestResponse isValidationError(String... pointers) {
    isProblem(400, "validation-error");
    assertThat(texts("/errors", "pointer")).as(text()).containsExactlyInAnyOrder(pointers);
    assertThat(texts("/errors", "detail")).allSatisfy(detail -> assertThat(detail).isNotBlank());
    return this;
  }
}
