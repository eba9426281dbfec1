package dev.runhook.http.server;

import dev.runhook.http.json.Json;
import dev.runhook.http.security.CsrfGuard;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        .forEach((status, named) -> {
          Content content =
              Optional.ofNullable(resolved(named).getContent()).orElseGet(Content::new);
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
        Optional.empty(),
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

  private static ApiResponse resolved(ApiResponse response) {
    return response.get$ref() == null
        ? response
        : Objects.requireNonNull(
            OpenApiSpecification.INSTANCE
                .model()
                .getComponents()
                .getResponses()
                .get(last(response.get$ref())));
  }

  private static Optional<String> example(MediaType media) {
    if (media.getExample() != null) {
      return Optional.of(Json.write(media.getExample()));
    }
    return Optional.ofNullable(media.getExamples()).stream()
        .flatMap(named -> named.values().stream())
        .map(example -> value(example.get$ref(), example.getValue()))
        .findFirst();
  }

  private static String value(@Nullable String ref, @Nullable Object value) {
    return ref == null
        ? Json.write(Objects.requireNonNull(value))
        : value(null, named(last(ref)).getValue());
  }

  private static Example named(String name) {
    return Objects.requireNonNull(
        OpenApiSpecification.INSTANCE.model().getComponents().getExamples().get(name));
  }

  private static String last(String ref) {
    return ref.substring(ref.lastIndexOf('/') + 1);
  }
}
