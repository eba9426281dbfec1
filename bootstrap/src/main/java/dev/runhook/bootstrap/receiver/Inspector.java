package dev.runhook.bootstrap.receiver;

import dev.runhook.application.diagnosis.SignatureDoctor;
import dev.runhook.bootstrap.receiver.Verification.Check;
import dev.runhook.domain.diagnosis.Evidence;
import dev.runhook.domain.diagnosis.Examination;
import dev.runhook.domain.diagnosis.Keyring;
import dev.runhook.domain.diagnosis.Message;
import dev.runhook.domain.event.Payload;
import dev.runhook.outbound.JsonRewriting;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Looks at what came: code of its own verifies the signatures, and only where one does not match
/// the doctor is asked why.
final class Inspector {
  private final Verifier verifier;
  private final Keyring keys;
  private final SignatureDoctor doctor = SignatureDoctor.using(new JsonRewriting());

  Inspector(String secret) {
    this.verifier = new Verifier(secret);
    this.keys = Keyring.of(secret);
  }

  /// @param headers by name in lower case
  Received inspect(int number, Map<String, String> headers, Payload payload) {
    Verification verification =
        verifier.verify(
            name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))),
            payload.bytes());
    Optional<Examination> examination =
        verification.checks().stream()
            .filter(check -> !check.matches())
            .findFirst()
            .flatMap(check -> examined(check, headers, payload));
    return new Received(number, headers, payload, verification, examination);
  }

  private Optional<Examination> examined(
      Check check, Map<String, String> headers, Payload payload) {
    String value = headers.getOrDefault(check.header().toLowerCase(Locale.ROOT), "");
    try {
      Evidence evidence = new Evidence(payload, check.header() + ": " + value, message(headers));
      return value.isBlank() ? Optional.empty() : Optional.of(doctor.examine(evidence, keys));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<Message> message(Map<String, String> headers) {
    String id = headers.getOrDefault("webhook-id", "");
    String timestamp = headers.getOrDefault("webhook-timestamp", "");
    return id.isBlank() || !timestamp.matches("\\d{1,15}")
        ? Optional.empty()
        : Optional.of(new Message(id, Long.parseLong(timestamp)));
  }
}
