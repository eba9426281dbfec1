package dev.runhook.domain.run;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Instant;
import java.util.Optional;

/// A request to create a run: its details and its first state.
///
/// @param createdAt truncated to milliseconds; absent for the current time
/// @param firstReport the first transition; its version is 1 if the report has none
public record NewRun(
    RunDetails details, Optional<Instant> createdAt, TransitionReport firstReport) {
  public NewRun {
    createdAt = createdAt.map(instant -> instant.truncatedTo(MILLIS));
  }

  public static NewRun of(RunDetails details, TransitionReport firstReport) {
    return new NewRun(details, Optional.empty(), firstReport);
  }

  public NewRun withTrace(Optional<TraceContext> trace) {
    return new NewRun(details, createdAt, firstReport.withTrace(trace));
  }

  /// Returns the first transition of the run. Only `QUEUED` is an expected first state.
  public Transition firstTransition(Instant now) {
    long version = firstReport.version().orElse(1);
    return firstReport.toTransition(version, firstReport.state() == RunState.QUEUED, now);
  }

  /// Returns the run after its first transition.
  public Run toRun(Transition transition, Instant now) {
    return new Run(
        firstReport.run(),
        details,
        createdAt.orElseGet(() -> now.truncatedTo(MILLIS)),
        new RunProgress(transition.state(), transition.version()),
        transition.delta());
  }

  /// Returns whether this request describes the existing `run`, which began with the transition
  /// `first`. Fields that this request leaves out are not compared.
  public boolean isDuplicateOf(Run run, Transition first) {
    return run.id().equals(firstReport.run())
        && run.details().equals(details)
        && createdAt.map(run.createdAt()::equals).orElse(true)
        && firstReport.state() == first.state()
        && firstReport.version().orElse(1) == first.version()
        && firstReport.occurredAt().map(first.occurredAt()::equals).orElse(true)
        && firstReport.delta().equals(first.delta())
        && firstReport.note().equals(first.note())
        && firstReport.changes().equals(first.changes());
  }
}
