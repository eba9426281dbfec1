package dev.runhook.http.api;

import dev.runhook.http.json.Json;
import dev.runhook.http.json.Problem;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A response: a status, headers and optional content. [IdempotencyFilter] stores it as JSON.
public record ApiResponse(int status, Map<String, String> headers, @Nullable Content content) {
  /// The request attribute that marks a response as written by this module.
  public static final String HANDLED = "dev.runhook.http.handled";

  private static final String JSON = "application/json";

  public ApiResponse {
    headers = Map.copyOf(headers);
  }

  /// The body, sent in UTF-8.
  public record Content(String mediaType, String text) {}

  public static ApiResponse ok(Object body) {
    return of(200, body);
  }

  /// @param body is written as JSON
  public static ApiResponse of(int status, Object body) {
    return ofText(status, JSON, Json.write(body));
  }

  public static ApiResponse of(Problem problem) {
    return ofText(problem.status(), Problem.MEDIA_TYPE, Json.write(problem));
  }

  public static ApiResponse ofText(int status, String mediaType, String text) {
    return new ApiResponse(status, Map.of(), new Content(mediaType, text));
  }

  public static ApiResponse noContent() {
    return new ApiResponse(204, Map.of(), null);
  }

  /// @param path the path of the resource below [Routes#BASE_PATH]; it consists of slugs and ids,
  ///   so nothing in it needs escaping
  public ApiResponse withLocation(String path) {
    return withHeader("Location", Routes.BASE_PATH + path);
  }

  public ApiResponse withHeader(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiResponse(status, more, content);
  }

  /// Writes the response. Caches must not store it, because it may contain secrets.
  public void write(Context context) {
    context.status(status);
    context.header("Cache-Control", "no-store");
    context.header("X-Content-Type-Options", "nosniff");
    headers.forEach((name, value) ->
        context.header(name, name.equals("Location") ? context.contextPath() + value : value));
    if (content == null) {
      context.res().setContentType(null); // Javalin's default
    } else {
      context.contentType(content.mediaType());
      context.result(content.text().getBytes(StandardCharsets.UTF_8));
    }
    context.attribute(HANDLED, true);
  }
}
