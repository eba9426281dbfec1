package dev.runhook.bootstrap.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A path of the API below `/api/v1`, with its query. Encodes what users have typed.
public record ApiPath(String text) {
  public static ApiPath of(String... segments) {
    return new ApiPath("").then(segments);
  }

  public ApiPath then(String... segments) {
    return new ApiPath(
        text
            + Arrays.stream(segments)
                .map(each -> "/" + encode(each))
                .collect(Collectors.joining()));
  }

  /// Adds a parameter, once for each value of a list. Adds nothing for null.
  public ApiPath with(String name, @Nullable Object value) {
    if (value instanceof List<?> values) {
      ApiPath path = this;
      for (Object each : values) {
        path = path.with(name, each);
      }
      return path;
    }
    return value == null
        ? this
        : new ApiPath(text + (text.contains("?") ? "&" : "?") + name + "=" + encode("" + value));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text;
  }
}
