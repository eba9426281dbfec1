package dev.runhook.domain.run;

import java.time.Instant;
import java.util.Optional;

/// One execution on a stack, in its current state.
///
/// @param createdAt when the reporting system created the run
/// @param delta the latest reported delta; absent if none was reported
public record Run(
    RunId id, RunDetails details, Instant createdAt, RunProgress progress, Optional<Delta> delta) {
  /// Checks a reported transition of this run.
  ///
  /// @param now the time of the transition if the report has none
  public TransitionCheck check(TransitionReport report, Instant now) {
    long last = progress.version();
    long proposed = report.version().orElse(last + 1);
    if (proposed <= last) {
      return new TransitionCheck.Stale(progress);
    }
    if (progress.state().isTerminal()) {
      return new TransitionCheck.AfterTerminal(progress);
    }
    boolean expected = progress.state().expects(report.state(), details.type());
    return new TransitionCheck.Accepted(report.toTransition(proposed, expected, now));
  }

  public Run withTransition(Transition transition) {
    return new Run(
        id,
        details,
        createdAt,
        new RunProgress(transition.state(), transition.version()),
        transition.delta().or(this::delta));
  }
}
