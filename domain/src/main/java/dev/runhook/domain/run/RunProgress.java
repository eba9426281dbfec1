package dev.runhook.domain.run;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Instant;

/// How far a run has come: the state it is in and that state's version.
public record RunProgress(RunState state, long version) {
  /// Judges what is reported of a run of this type that has come so far; `now` stands in where the
  /// report names no time.
  ///
  /// A report with an earlier version is [Judgement.Stale], even if it only repeats that earlier
  /// transition: history is not known here, so ask [Report#repeats] with it.
  public Judgement judge(RunType type, Report report, Instant now) {
    long proposed = report.version().orElse(version + 1);
    if (proposed == version && report.state() == state) {
      return new Judgement.Repeated(version);
    }
    if (proposed <= version) {
      return new Judgement.Stale(this);
    }
    if (state.isTerminal()) {
      return new Judgement.AfterEnd(this);
    }
    return new Judgement.Accepted(
        new Transition(
            report.run(),
            report.state(),
            proposed,
            report.at().orElseGet(() -> now.truncatedTo(MILLIS)),
            StateGraph.isUsual(type, state, report.state()),
            report.delta(),
            report.note()));
  }
}
