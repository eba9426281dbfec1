package dev.runhook.application.diagnosis;

import dev.runhook.application.spi.Rewriting;
import dev.runhook.domain.diagnosis.Evidence;
import dev.runhook.domain.diagnosis.Examination;
import dev.runhook.domain.diagnosis.Keyring;

final class RewritingSignatureDoctor implements SignatureDoctor {
  private final Rewriting rewriting;

  RewritingSignatureDoctor(Rewriting rewriting) {
    this.rewriting = rewriting;
  }

  @Override
  public Examination examine(Evidence evidence, Keyring keys) {
    return Examination.of(evidence, keys, () -> rewriting.of(evidence.body()));
  }
}
