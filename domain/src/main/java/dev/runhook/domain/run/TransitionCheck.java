package dev.runhook.domain.run;

/// The result of checking a reported transition.
public sealed interface TransitionCheck {
  /// The transition is new and must be recorded.
  record Accepted(Transition transition) implements TransitionCheck {}

  /// The report repeats the latest transition, so nothing changes.
  record Duplicate(long version) implements TransitionCheck {}

  /// The reported version is not above the latest one.
  record Stale(RunProgress last) implements TransitionCheck {}

  /// The run was already in a terminal state.
  record AfterTerminal(RunProgress last) implements TransitionCheck {}
}
