package dev.runhook.domain.run;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Instant;

/// How far a run has come: the state it is in and that state's version.
public record RunProgress(RunState state, long version) {
  /// Judges what is reported of a run of this type that has come so far; `now` stands in where the
  /// report names no time.
  ///
  /// A report with an earlier version is [TransitionCheck.Stale], even if it only repeats that
  /// earlier transition: history is not known here, so ask [TransitionReport#isDuplicateOf] with
  /// it.
  public TransitionCheck check(RunType type, TransitionReport transitionReport, Instant now) {
    long proposed = transitionReport.version().orElse(version + 1);
    if (proposed == version && transitionReport.state() == state) {
      return new TransitionCheck.Duplicate(version);
    }
    if (proposed <= version) {
      return new TransitionCheck.Stale(this);
    }
    if (state.isTerminal()) {
      return new TransitionCheck.AfterTerminal(this);
    }
    return new TransitionCheck.Accepted(
        new Transition(
            transitionReport.run(),
            transitionReport.state(),
            proposed,
            transitionReport.occurredAt().orElseGet(() -> now.truncatedTo(MILLIS)),
            StateGraph.isExpected(type, state, transitionReport.state()),
            transitionReport.delta(),
            transitionReport.note()));
  }
}
