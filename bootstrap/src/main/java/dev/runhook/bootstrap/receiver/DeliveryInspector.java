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

/// Looks at what came: code of its own verifies the signatures, and only where one does not match
/// the doctor is asked why.
final class DeliveryInspector {
  private final SignatureVerifier signatureVerifier;
  private final Keyring keys;
  private final SignatureDiagnoser doctor = SignatureDiagnoser.using(new JacksonReserializer());

  DeliveryInspector(String secret) {
    this.signatureVerifier = new SignatureVerifier(secret);
    this.keys = Keyring.of(secret);
  }

  /// @param headers by name in lower case
  ReceivedDelivery inspect(int number, Map<String, String> headers, Payload payload) {
    VerificationResult verificationResult =
        signatureVerifier.verify(
            name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))),
            payload.bytes());
    Optional<Diagnosis> examination =
        verificationResult.checks().stream()
            .filter(check -> !check.matches())
            .findFirst()
            .flatMap(check -> examined(check, headers, payload));
    return new ReceivedDelivery(number, headers, payload, verificationResult, examination);
  }

  private Optional<Diagnosis> examined(Check check, Map<String, String> headers, Payload payload) {
    String value = headers.getOrDefault(check.header().toLowerCase(Locale.ROOT), "");
    try {
      DiagnosisInput diagnosisInput =
          new DiagnosisInput(payload, check.header() + ": " + value, message(headers));
      return value.isBlank()
          ? Optional.empty()
          : Optional.of(doctor.diagnose(diagnosisInput, keys));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<MessageHeaders> message(Map<String, String> headers) {
    String id = headers.getOrDefault("webhook-id", "");
    String timestamp = headers.getOrDefault("webhook-timestamp", "");
    return id.isBlank() || !timestamp.matches("\\d{1,15}")
        ? Optional.empty()
        : Optional.of(new MessageHeaders(id, Long.parseLong(timestamp)));
  }
}
