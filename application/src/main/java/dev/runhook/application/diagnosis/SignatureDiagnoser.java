package dev.runhook.application.diagnosis;

import dev.runhook.application.spi.JsonReserializer;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.DiagnosisInput;
import dev.runhook.domain.diagnosis.Keyring;

/// Says whether a signature verifies and, if not, which known mistakes give it. Keeps nothing and
/// needs no store. Thread-safe.
public interface SignatureDiagnoser {
  static SignatureDiagnoser using(JsonReserializer jsonReserializer) {
    return new ReserializingSignatureDiagnoser(jsonReserializer);
  }

  /// Bounded work, also for a body that was made to cost much.
  Diagnosis diagnose(DiagnosisInput diagnosisInput, Keyring keys);
}
