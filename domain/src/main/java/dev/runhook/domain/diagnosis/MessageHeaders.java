package dev.runhook.domain.diagnosis;

import java.nio.charset.StandardCharsets;

/// The headers that `webhook-signature` covers together with the body: `webhook-id` and
/// `webhook-timestamp`.
///
/// @param timestamp in Unix seconds
public record MessageHeaders(String id, long timestamp) {
  public MessageHeaders {
    if (id.isBlank()) {
      throw new IllegalArgumentException("the id is blank; enter the webhook-id of the request");
    }
  }

  MessageHeaders withTimestamp(long newTimestamp) {
    return new MessageHeaders(id, newTimestamp);
  }

  /// Returns the bytes that are signed before the body.
  byte[] signedPrefix() {
    return (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
  }
}
