package dev.runhook.domain.run;

import java.time.Instant;

/// The current state of a run and that state's version.
public record RunProgress(RunState state, long version) {
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

  /// Checks a reported transition against this progress.
  ///
  /// @param now the time of the transition if the report has none
  public TransitionCheck check(RunType type, TransitionReport report, Instant now) {
    long proposed = report.version().orElse(version + 1);
    if (proposed <= version) {
      return new TransitionCheck.Stale(this);
    }
    if (state.isTerminal()) {
      return new TransitionCheck.AfterTerminal(this);
    }
    return new TransitionCheck.Accepted(
        report.toTransition(proposed, state.expects(report.state(), type), now));
  }
}
