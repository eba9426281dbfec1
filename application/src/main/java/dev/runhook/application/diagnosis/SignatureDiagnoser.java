package dev.runhook.application.diagnosis;

import dev.runhook.application.spi.JsonReserializer;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.DiagnosisInput;
import dev.runhook.domain.diagnosis.Keyring;

/// Checks whether a signature is valid and, if not, which known mistakes lead to it. It stores
/// nothing. Thread-safe.
public final class SignatureDiagnoser {
  private final JsonReserializer reserializer;

  public SignatureDiagnoser(JsonReserializer reserializer) {
    this.reserializer = reserializer;
  }

  /// Diagnoses a signature. The work is bounded, even for bodies that are crafted to be expensive.
  public Diagnosis diagnose(DiagnosisInput input, Keyring keys) {
    return Diagnosis.of(input, keys, () -> reserializer.reserialize(input.body()));
  }
}
