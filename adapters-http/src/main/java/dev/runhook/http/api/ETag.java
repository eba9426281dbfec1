package dev.runhook.http.api;

import dev.runhook.domain.text.Sha256;
import dev.runhook.http.json.Json;
import java.nio.charset.StandardCharsets;

/// The ETag of a resource that users change. A request that changes the resource can name it in
/// `If-Match` to fail with 412 if another request came first. The ETag of a list is weak: it names
/// the content, and a request for the list can name it in `If-None-Match`.
public record ETag(String value) {
  private static final int LENGTH = 22;
  private static final String WEAK = "W/";

  /// @param json what users can change
  public static ETag of(Object json) {
    return new ETag(quotedDigest(Json.write(json)));
  }

  /// @param json the list
  static ETag ofList(String json) {
    return new ETag(WEAK + quotedDigest(json));
  }

  private static String quotedDigest(String text) {
    return "\"" + Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, LENGTH) + "\"";
  }

  boolean isWeak() {
    return value.startsWith(WEAK);
  }

  /// @param condition the value of `If-Match` or `If-None-Match`; a compressing proxy may have made
  ///   the ETag weak
  public boolean matches(String condition) {
    return condition.trim().equals("*") || condition.contains(value);
  }
}
