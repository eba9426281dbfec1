package dev.runhook.http.api;

import dev.runhook.http.json.Json;
import dev.runhook.http.json.Problem;
import dev.runhook.http.server.HttpApi;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is answered: a status, headers, and a text, if any.
public record ApiResponse(int status, Map<String, String> headers, Optional<Content> content) {
  /// Set on a request that was answered by [#write].
  public static final String HANDLED = "dev.runhook.http.written";

  private static final String JSON = "application/json";

  public ApiResponse {
    headers = Map.copyOf(headers);
  }

  /// What goes over the wire, in UTF-8.
  public record Content(String mediaType, String text) {}

  public static ApiResponse ok(Object body) {
    return of(200, body);
  }

  /// @param body to be written as JSON
  public static ApiResponse of(int status, Object body) {
    return ofContent(status, new Content(JSON, Json.write(body)));
  }

  public static ApiResponse of(Problem problem) {
    return ofContent(problem.status(), new Content(Problem.MEDIA_TYPE, Json.write(problem)));
  }

  public static ApiResponse ofContent(int status, Content content) {
    return new ApiResponse(status, Map.of(), Optional.of(content));
  }

  public static ApiResponse noContent() {
    return new ApiResponse(204, Map.of(), Optional.empty());
  }

  /// @param path of the thing below the API's base, made of slugs and ids, so that nothing in it
  ///   needs escaping
  public ApiResponse withLocation(String path) {
    return withHeader("Location", HttpApi.BASE_PATH + path);
  }

  public ApiResponse withHeader(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiResponse(status, more, content);
  }

  /// Secrets may be in it, so nobody on the way may keep it.
  public void write(Context context) {
    context.status(status);
    context.header("Cache-Control", "no-store");
    context.header("X-Content-Type-Options", "nosniff");
    headers.forEach((name, value) ->
        context.header(name, name.equals("Location") ? context.contextPath() + value : value));
    content.ifPresent(it -> {
      context.contentType(it.mediaType());
      context.result(it.text().getBytes(StandardCharsets.UTF_8));
    });
    context.attribute(HANDLED, true);
  }
}
