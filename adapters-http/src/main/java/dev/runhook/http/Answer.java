package dev.runhook.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is answered: a status, headers, and a text, if any.
record Answer(int status, Map<String, String> headers, Optional<Content> content) {
  /// Set on a request that was answered by [#write].
  static final String WRITTEN = "dev.runhook.http.written";

  private static final String JSON = "application/json";

  Answer {
    headers = Map.copyOf(headers);
  }

  /// What goes over the wire, in UTF-8.
  record Content(String mediaType, String text) {}

  static Answer ok(Object body) {
    return of(200, body);
  }

  /// @param body to be written as JSON
  static Answer of(int status, Object body) {
    return showing(status, new Content(JSON, Json.write(body)));
  }

  static Answer of(Problem problem) {
    return showing(problem.status(), new Content(Problem.MEDIA_TYPE, Json.write(problem)));
  }

  static Answer showing(int status, Content content) {
    return new Answer(status, Map.of(), Optional.of(content));
  }

  static Answer noContent() {
    return new Answer(204, Map.of(), Optional.empty());
  }

  /// @param path of the thing below the API's base, made of slugs and ids, so that nothing in it
  ///   needs escaping
  Answer located(String path) {
    return with("Location", HttpApi.BASE + path);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, content);
  }

  /// Secrets may be in it, so nobody on the way may keep it.
  void write(Context context) {
    context.status(status);
    context.header("Cache-Control", "no-store");
    context.header("X-Content-Type-Options", "nosniff");
    headers.forEach((name, value) ->
        context.header(name, name.equals("Location") ? context.contextPath() + value : value));
    content.ifPresent(it -> {
      context.contentType(it.mediaType());
      context.result(it.text().getBytes(StandardCharsets.UTF_8));
    });
    context.attribute(WRITTEN, true);
  }
}
