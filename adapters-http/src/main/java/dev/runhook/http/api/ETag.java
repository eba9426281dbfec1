package dev.runhook.http.api;

import dev.runhook.domain.text.Sha256;
import dev.runhook.http.json.Json;
import java.nio.charset.StandardCharsets;

/// The ETag of a resource that users change. A request that changes the resource can name it in
/// `If-Match` to fail with 412 if another request came first.
public record ETag(String value) {
  private static final int LENGTH = 22;

  /// @param json what users can change
  public static ETag of(Object json) {
    byte[] bytes = Json.write(json).getBytes(StandardCharsets.UTF_8);
    return new ETag("\"" + Sha256.hex(bytes).substring(0, LENGTH) + "\"");
  }

  /// @param ifMatch the value of `If-Match`; a compressing proxy may have made the ETag weak
  public boolean matches(String ifMatch) {
    return ifMatch.trim().equals("*") || ifMatch.contains(value);
  }
}
