package dev.runhook.domain.run;

/// What becomes of a report.
public sealed interface Judgement {
  /// It is news: to be recorded and told.
  record Accepted(Transition transition) implements Judgement {}

  /// It says again what the last transition said; nothing changes.
  record Repeated(long version) implements Judgement {}

  /// Its version is not above the last one.
  record Stale(RunProgress last) implements Judgement {}

  /// The run had already ended.
  record AfterEnd(RunProgress last) implements Judgement {}
}
