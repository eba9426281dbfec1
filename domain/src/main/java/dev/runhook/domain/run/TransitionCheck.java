package dev.runhook.domain.run;

/// The result of checking a reported transition.
public sealed interface TransitionCheck {
  /// The transition is new and must be recorded.
  record Accepted(Transition transition) implements TransitionCheck {}

  /// The reported version is not greater than the latest one. The report may repeat a recorded
  /// transition, which is not known here: compare them with [TransitionReport#isDuplicateOf].
  record Stale(RunProgress last) implements TransitionCheck {}

  /// The run was already in a terminal state.
  record AfterTerminal(RunProgress last) implements TransitionCheck {}
}
