package dev.runhook.domain.diagnosis;

import java.nio.charset.StandardCharsets;

/// What `webhook-signature` covers besides the body: the headers `webhook-id` and
/// `webhook-timestamp`.
///
/// @param timestamp unix seconds
public record Message(String id, long timestamp) {
  public Message {
    if (id.isBlank()) {
      throw new IllegalArgumentException(
          "the message's id is blank; it is the request's webhook-id");
    }
  }

  Message at(long another) {
    return new Message(id, another);
  }

  /// What stands before the body when it is signed.
  byte[] prefix() {
    return (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
  }
}
