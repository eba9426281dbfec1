package dev.runhook.application.run;

import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.domain.run.StackId;

/// Receives events from the journal, for metrics. Implementations must return quickly, must not
/// throw, and must be thread-safe. A method that is not overridden does nothing.
public interface JournalObserver {
  /// A transition is committed, or had been before. Not called for transitions in a host's
  /// transaction, which may be rolled back.
  default void onRecorded(Recorded recorded) {}

  /// The stack is about to be deleted.
  default void onStackDeletion(StackId stack) {}
}
