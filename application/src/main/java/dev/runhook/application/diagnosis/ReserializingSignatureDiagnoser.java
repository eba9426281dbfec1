package dev.runhook.application.diagnosis;

import dev.runhook.application.spi.JsonReserializer;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.diagnosis.DiagnosisInput;
import dev.runhook.domain.diagnosis.Keyring;

final class ReserializingSignatureDiagnoser implements SignatureDiagnoser {
  private final JsonReserializer jsonReserializer;

  ReserializingSignatureDiagnoser(JsonReserializer rewriting) {
    this.jsonReserializer = rewriting;
  }

  @Override
  public Diagnosis diagnose(DiagnosisInput diagnosisInput, Keyring keys) {
    return Diagnosis.of(
        diagnosisInput, keys, () -> jsonReserializer.reserialize(diagnosisInput.body()));
  }
}
