package dev.runhook.http.api;

import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Checks the headers `Accept`, `Accept-Encoding`, `Content-Type` and `Content-Encoding`.
public final class ContentNegotiation {
  public static final String EVENT_STREAM = "text/event-stream";
  static final String JSON_LINES = "application/x-ndjson";

  private ContentNegotiation() {}

  static void requireAcceptable(Context context) {
    requireAcceptable(context, "application/json");
  }

  /// A DELETE may accept only problems: generated clients ask for nothing else if the success has
  /// no content.
  ///
  /// @param type the media type of the response
  static void requireAcceptable(Context context, String type) {
    List<String> ranges = new ArrayList<>(List.of(type, type.replaceAll("/.*", "/*"), "*/*"));
    if (context.method().equals(HandlerType.DELETE)) {
      ranges.add(Problem.MEDIA_TYPE);
    }
    Optional<String> accept =
        Optional.ofNullable(context.header("Accept")).filter(text -> !text.isBlank());
    if (accept.isPresent()
        && Arrays.stream(accept.get().split(",")).noneMatch(range -> admits(range, ranges))) {
      throw new ProblemException(
          Problem.of(
              406,
              "not-acceptable",
              "the response is " + type + "; accept that type, or omit the Accept header"));
    }
  }

  /// Returns whether the client names the type of lines of JSON. It must accept JSON too, because
  /// problems have that form.
  static boolean asksForLines(Context context) {
    String accepted = Optional.ofNullable(context.header("Accept")).orElse("");
    return Arrays.stream(accepted.split(",")).anyMatch(range -> admits(range, List.of(JSON_LINES)));
  }

  static boolean acceptsGzip(Context context) {
    String accepted = Optional.ofNullable(context.header("Accept-Encoding")).orElse("");
    return Arrays.stream(accepted.split(",")).anyMatch(range -> admits(range, List.of("gzip")));
  }

  static void requireJson(Context context) {
    String encoding = Optional.ofNullable(context.header("Content-Encoding")).orElse("").strip();
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      throw unsupported("the body must not be compressed; send it without \"Content-Encoding\"");
    }
    String[] parts = parts(Optional.ofNullable(context.header("Content-Type")).orElse(""));
    boolean utf8 =
        Arrays.stream(parts)
            .skip(1)
            .filter(part -> part.startsWith("charset="))
            .allMatch(part -> part.replace("\"", "").equals("charset=utf-8"));
    if (!parts[0].equals("application/json") || !utf8) {
      throw unsupported(
          "the body must be JSON in UTF-8; send it with \"Content-Type: application/json\"");
    }
  }

  private static ProblemException unsupported(String detail) {
    return new ProblemException(Problem.of(415, "unsupported-media-type", detail));
  }

  private static boolean admits(String range, List<String> ranges) {
    String[] parts = parts(range);
    return ranges.contains(parts[0])
        && Arrays.stream(parts).skip(1).noneMatch(part -> part.matches("q=0(\\.0*)?"));
  }

  private static String[] parts(String value) {
    return Arrays.stream(value.toLowerCase(Locale.ROOT).split(";", -1))
        .map(String::strip)
        .toArray(String[]::new);
  }
}
