package dev.runhook.domain.diagnosis;

import dev.runhook.domain.event.Payload;
import java.util.Optional;

/// What is to be examined.
///
/// @param signature a header's value, or the whole line with the header's name
/// @param message needed for `webhook-signature`
public record DiagnosisInput(Payload body, String signature, Optional<MessageHeaders> message) {
  public DiagnosisInput {
    if (signature.isBlank()) {
      throw new IllegalArgumentException(
          "the signature is blank; give the header's value, such as sha256=…");
    }
    if (message.isEmpty()
        && ParsedSignatureHeader.parse(signature, false).header() == SignatureHeader.STANDARD) {
      throw new IllegalArgumentException(
          "webhook-signature covers the message's id and timestamp too; give the request's webhook-id and webhook-timestamp");
    }
  }

  ParsedSignatureHeader parsedSignature() {
    return ParsedSignatureHeader.parse(signature, message.isPresent());
  }
}
