package dev.runhook.application.run;

import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;

/// What became of one report among many.
public sealed interface Entry {
  /// It is recorded, now or before.
  record Kept(Recorded recorded) implements Entry {}

  /// It is not, and will not be however often it is reported.
  record Declined(Refusal refusal) implements Entry {}

  /// Something went wrong with it, which may not be its fault. As after a failed call, it may be
  /// recorded or not.
  record Failed(RuntimeException failure) implements Entry {}

  /// As a call that reports one alone would have it.
  default Recorded orThrow() {
    return switch (this) {
      case Kept(Recorded recorded) -> recorded;
      case Declined(Refusal refusal) -> throw new RefusedException(refusal);
      case Failed(RuntimeException failure) -> throw failure;
    };
  }
}
