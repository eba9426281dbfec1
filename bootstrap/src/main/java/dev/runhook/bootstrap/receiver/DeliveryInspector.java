package dev.runhook.bootstrap.receiver;

import dev.runhook.application.diagnosis.SignatureDiagnoser;
import dev.runhook.bootstrap.receiver.VerificationResult.Check;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.DiagnosisInput;
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.MessageHeaders;
import dev.runhook.domain.event.Payload;
import dev.runhook.outbound.payload.JacksonReserializer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Verifies the signatures of a delivery and diagnoses the first one that does not match.
final class DeliveryInspector {
  private final SignatureVerifier verifier;
  private final Keyring keys;
  private final SignatureDiagnoser diagnoser = SignatureDiagnoser.using(new JacksonReserializer());

  DeliveryInspector(String secret) {
    this.verifier = new SignatureVerifier(secret);
    this.keys = Keyring.of(secret);
  }

  /// @param headers by name in lowercase
  ReceivedDelivery inspect(int number, Map<String, String> headers, Payload payload) {
    VerificationResult result =
        verifier.verify(
            name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))),
            payload.bytes());
    Optional<Diagnosis> diagnosis =
        result.checks().stream()
            .filter(check -> !check.matches())
            .findFirst()
            .flatMap(check -> diagnose(check, headers, payload));
    return new ReceivedDelivery(number, headers, payload, result, diagnosis);
  }

  private Optional<Diagnosis> diagnose(Check check, Map<String, String> headers, Payload payload) {
    String value = headers.getOrDefault(check.header().toLowerCase(Locale.ROOT), "");
    try {
      DiagnosisInput input =
          new DiagnosisInput(payload, check.header() + ": " + value, messageHeaders(headers));
      return value.isBlank() ? Optional.empty() : Optional.of(diagnoser.diagnose(input, keys));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<MessageHeaders> messageHeaders(Map<String, String> headers) {
    String id = headers.getOrDefault("webhook-id", "");
    String timestamp = headers.getOrDefault("webhook-timestamp", "");
    return id.isBlank() || !timestamp.matches("\\d{1,15}")
        ? Optional.empty()
        : Optional.of(new MessageHeaders(id, Long.parseLong(timestamp)));
  }
}
