package dev.runhook.diagnosis;

import dev.runhook.domain.event.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The input of a diagnosis.
///
/// @param signature the value of a signature header, or the whole line with the header's name
/// @param message required for `webhook-signature`
public record DiagnosisInput(Payload body, String signature, Optional<MessageHeaders> message) {
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

  public DiagnosisInput {
    if (signature.isBlank()) {
      throw new IllegalArgumentException(
          "the signature is blank; enter the value of the header, such as sha256=…");
    }
    if (message.isEmpty()
        && ParsedSignatureHeader.parse(signature, false).header() == SignatureHeader.STANDARD) {
      throw new IllegalArgumentException(
          "webhook-signature also covers the id and the timestamp; add webhook-id and"
              + " webhook-timestamp of the request");
    }
  }

  ParsedSignatureHeader parsedSignature() {
    return ParsedSignatureHeader.parse(signature, message.isPresent());
  }
}
