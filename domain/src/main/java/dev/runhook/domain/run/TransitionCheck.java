package dev.runhook.domain.run;

/// What becomes of a report.
public sealed interface TransitionCheck {
  /// It is news: to be recorded and told.
  record Accepted(Transition transition) implements TransitionCheck {}

  /// It says again what the last transition said; nothing changes.
  record Duplicate(long version) implements TransitionCheck {}

  /// Its version is not above the last one.
  record Stale(RunProgress last) implements TransitionCheck {}

  /// The run had already ended.
  record AfterTerminal(RunProgress last) implements TransitionCheck {}
}
