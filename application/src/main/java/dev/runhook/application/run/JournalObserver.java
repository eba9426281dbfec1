package dev.runhook.application.run;

import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.domain.run.StackId;

/// Receives events from the journal, for metrics. Implementations must return quickly, must not
/// throw, and must be thread-safe. A method that is not overridden does nothing.
public interface JournalObserver {
  /// A transition is committed, or had been before. Not called for transitions in the unit of work
  /// of a caller, which may be rolled back. Those of [HostTransactions] are reported after the
  /// commit, even if the host has rolled back to a savepoint before.
  default void onRecorded(Recorded recorded) {}

  /// The stack is about to be deleted.
  default void onStackDeletion(StackId stack) {}
}
