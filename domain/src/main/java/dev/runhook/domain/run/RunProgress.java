package dev.runhook.domain.run;

import java.time.Instant;

/// The current state of a run and that state's version.
public record RunProgress(RunState state, long version) {
  /// The result of checking a reported transition.
  public sealed interface TransitionCheck {
    /// The transition is new and must be recorded.
    record Accepted(Transition transition) implements TransitionCheck {}

    /// The report repeats the latest transition, so nothing changes.
    record Duplicate(long version) implements TransitionCheck {}

    /// The reported version is not greater than the latest one.
    record Stale(RunProgress last) implements TransitionCheck {}

    /// The run was already in a terminal state.
    record AfterTerminal(RunProgress last) implements TransitionCheck {}
  }

  /// Checks a reported transition against this progress.
  ///
  /// A report with an earlier version is [TransitionCheck.Stale], even if it repeats that earlier
  /// transition, because the history is not known here. Use [TransitionReport#isDuplicateOf] to
  /// compare it with the recorded transition.
  ///
  /// @param now the time of the transition if the report has none
  public TransitionCheck check(RunType type, TransitionReport report, Instant now) {
    long proposed = report.version().orElse(version + 1);
    if (proposed == version && report.state() == state) {
      return new TransitionCheck.Duplicate(version);
    }
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
