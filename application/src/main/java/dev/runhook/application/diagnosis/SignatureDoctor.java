package dev.runhook.application.diagnosis;

import dev.runhook.application.spi.Rewriting;
import dev.runhook.domain.diagnosis.Evidence;
import dev.runhook.domain.diagnosis.Examination;
import dev.runhook.domain.diagnosis.Keyring;

/// Says whether a signature verifies and, if not, which known mistakes give it. Keeps nothing and
/// needs no store. Thread-safe.
public interface SignatureDoctor {
  static SignatureDoctor using(Rewriting rewriting) {
    return new RewritingSignatureDoctor(rewriting);
  }

  /// Bounded work, also for a body that was made to cost much.
  Examination examine(Evidence evidence, Keyring keys);
}
