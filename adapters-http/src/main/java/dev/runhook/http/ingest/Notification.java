package dev.runhook.http.ingest;

import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Stack;

/// One notification of another platform.
sealed interface Notification {
  /// A run has entered a state.
  ///
  /// @param stack the stack to create if it does not exist
  record StateChange(Stack stack, NewRun run) implements Notification {}

  /// Nothing is recorded.
  ///
  /// @param reason for users
  record Ignored(String reason) implements Notification {}
}
