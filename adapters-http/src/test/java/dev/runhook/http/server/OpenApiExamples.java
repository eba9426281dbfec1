package dev.runhook.http.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.http.json.Json;
import dev.runhook.http.security.CsrfGuard;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// The examples of `openapi.yaml` as exchanges.
public final class OpenApiExamples {
  private static final String ID = "0197a9f2-7c1e-7d3a-9a51-3f0b6f1f2a10";

  private OpenApiExamples() {}

  /// Returns an exchange for each response example, with the example of the request. A successful
  /// response without a JSON body needs no example.
  public static List<Exchange> of(OpenApiSpecification.ApiOperation operation) {
    List<Exchange> exchanges = new ArrayList<>();
    operation
        .definition()
        .getResponses()
        .forEach((status, response) -> {
          Content content = Optional.ofNullable(response.getContent()).orElseGet(Content::new);
          content.forEach((type, media) ->
              example(media)
                  .ifPresent(body -> exchanges.add(exchange(operation, status, type, body))));
          if (status.startsWith("2")
              && content.keySet().stream().noneMatch(type -> type.endsWith("json"))) {
            content
                .keySet()
                .forEach(type -> exchanges.add(exchange(operation, status, type, "text")));
            if (content.isEmpty()) {
              exchanges.add(exchange(operation, status, "", ""));
            }
          }
        });
    return exchanges;
  }

  /// The path of an operation, with example ids.
  public static String path(OpenApiSpecification.ApiOperation operation) {
    return operation
        .path()
        .replace("{stack}", "networking")
        .replace("{run}", "run-7")
        .replaceAll("\\{[a-z]+}", ID);
  }

  private static Exchange exchange(
      OpenApiSpecification.ApiOperation operation, String status, String mediaType, String body) {
    return new Exchange(
        operation.method(),
        path(operation),
        query(operation),
        Map.of(
            "Authorization",
            List.of("Bearer x"),
            "X-TFE-Notification-Signature",
            List.of("x"),
            "X-Signature-256",
            List.of("x"),
            "X-Terrakube-Signature",
            List.of("x"),
            "Content-Type",
            List.of("application/json"),
            CsrfGuard.HEADER,
            List.of("1")),
        Optional.ofNullable(operation.definition().getRequestBody())
            .flatMap(asked ->
                example(Objects.requireNonNull(asked.getContent().get("application/json"))))
            .orElse(""),
        Integer.parseInt(status),
        mediaType.isEmpty() ? Map.of("set-cookie", List.of("x")) : headers(mediaType),
        body);
  }

  /// The required parameters with their examples.
  private static Optional<String> query(OpenApiSpecification.ApiOperation operation) {
    return Stream.ofNullable(operation.definition().getParameters())
        .flatMap(List::stream)
        .filter(parameter -> "query".equals(parameter.getIn()) && parameter.getRequired())
        .map(parameter -> parameter.getName() + "=" + parameter.getExample())
        .map(text -> text.replace(" ", "%20"))
        .reduce((first, second) -> first + "&" + second);
  }

  private static Map<String, List<String>> headers(String mediaType) {
    return Map.of(
        "content-type",
        List.of(mediaType),
        "location",
        List.of("/"),
        "www-authenticate",
        List.of("Bearer"),
        "retry-after",
        List.of("5"),
        "set-cookie",
        List.of("runhook_session=x"));
  }

  private static Optional<String> example(MediaType media) {
    return Optional.ofNullable(media.getExample())
        .or(() -> Optional.ofNullable(media.getSchema()).flatMap(OpenApiExamples::sample))
        .map(Json::write);
  }

  /// Composes the examples in a schema, as Redoc does.
  private static Optional<JsonNode> sample(Schema<?> schema) {
    if (schema.getExamples() != null) {
      return Optional.of(Json.MAPPER.valueToTree(schema.getExamples().getFirst()));
    }
    if (schema.get$ref() != null) {
      return sample(
          OpenApiSpecification.named(
              OpenApiSpecification.INSTANCE.model().getComponents().getSchemas(),
              schema.get$ref()));
    }
    if (schema.getItems() != null) {
      return sample(schema.getItems()).map(item -> Json.MAPPER.createArrayNode().add(item));
    }
    ObjectNode fields = Json.MAPPER.createObjectNode();
    if (schema.getAllOf() != null) {
      for (Schema<?> part : schema.getAllOf()) {
        sample(part).ifPresent(example -> fields.setAll((ObjectNode) example));
      }
    }
    if (schema.getProperties() != null) {
      for (String name : schema.getProperties().keySet()) {
        sample(schema.getProperties().get(name)).ifPresent(example -> fields.set(name, example));
      }
    }
    return fields.isEmpty() ? Optional.empty() : Optional.of(fields);
  }
}
