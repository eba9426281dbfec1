package dev.runhook.application.run;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.Transition;

/// The result of recording one transition.
public sealed interface RecordResult {
  /// The transition is recorded.
  ///
  /// @param run the run after its latest transition
  /// @param deliveryCount how many deliveries this call created
  /// @param duplicate whether the transition had been recorded before, so that nothing changed
  record Recorded(Run run, Transition transition, int deliveryCount, boolean duplicate)
      implements RecordResult {}

  /// The transition is not recorded, and reporting it again will not change that.
  record Rejected(Refusal refusal) implements RecordResult {}

  /// An error occurred. As after any failed call, the transition may or may not have been recorded.
  record Failed(RuntimeException failure) implements RecordResult {}

  /// @return the recorded transition
  /// @throws RefusedException if the transition was rejected
  /// @throws RuntimeException the failure, if there was one
  default Recorded orThrow() {
    return switch (this) {
      case Recorded recorded -> recorded;
      case Rejected(Refusal refusal) -> throw new RefusedException(refusal);
      case Failed(RuntimeException failure) -> throw failure;
    };
  }
}
