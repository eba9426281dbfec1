package dev.runhook.application.run;

import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;

/// What became of one report among many.
public sealed interface RecordResult {
  /// It is recorded, now or before.
  record Accepted(RecordedTransition recorded) implements RecordResult {}

  /// It is not, and will not be however often it is reported.
  record Rejected(Refusal refusal) implements RecordResult {}

  /// Something went wrong with it, which may not be its fault. As after a failed call, it may be
  /// recorded or not.
  record Failed(RuntimeException failure) implements RecordResult {}

  /// As a call that reports one alone would have it.
  default RecordedTransition orThrow() {
    return switch (this) {
      case Accepted(RecordedTransition recordedTransition) -> recordedTransition;
      case Rejected(Refusal refusal) -> throw new RefusedException(refusal);
      case Failed(RuntimeException failure) -> throw failure;
    };
  }
}
