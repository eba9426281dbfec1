package dev.runhook.domain.diagnosis;

import java.nio.charset.StandardCharsets;

/// What `webhook-signature` covers besides the body: the headers `webhook-id` and
/// `webhook-timestamp`.
///
/// @param timestamp unix seconds
public record MessageHeaders(String id, long timestamp) {
  public MessageHeaders {
    if (id.isBlank()) {
      throw new IllegalArgumentException(
          "the message's id is blank; it is the request's webhook-id");
    }
  }

  MessageHeaders withTimestamp(long another) {
    return new MessageHeaders(id, another);
  }

  /// What stands before the body when it is signed.
  byte[] signedPrefix() {
    return (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
  }
}
