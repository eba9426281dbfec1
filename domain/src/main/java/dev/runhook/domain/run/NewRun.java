package dev.runhook.domain.run;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.domain.trace.TraceContext;
import java.time.Instant;
import java.util.Optional;

/// What a reporter says when a run comes into being: what it is about and the state it begins in.
///
/// @param createdAt when it was made, kept to the millisecond; absent for "now"
/// @param first its first state; where it names no version, that is 1
public record NewRun(
    RunDetails details, Optional<Instant> createdAt, TransitionReport firstReport) {
  public NewRun {
    createdAt = createdAt.map(instant -> instant.truncatedTo(MILLIS));
  }

  public static NewRun of(RunDetails subject, TransitionReport first) {
    return new NewRun(subject, Optional.empty(), first);
  }

  public NewRun withTrace(Optional<TraceContext> span) {
    return new NewRun(details, createdAt, firstReport.withTrace(span));
  }

  /// The first transition of the run. It is usual for a run to begin QUEUED; all else is marked.
  public Transition firstTransition(Instant now) {
    return new Transition(
        firstReport.run(),
        firstReport.state(),
        firstReport.version().orElse(1),
        firstReport.occurredAt().orElseGet(() -> now.truncatedTo(MILLIS)),
        firstReport.state() == RunState.QUEUED,
        firstReport.delta(),
        firstReport.note());
  }

  /// The run as it stands after its first transition.
  public Run toRun(Transition transition, Instant now) {
    return new Run(
        firstReport.run(),
        details,
        createdAt.orElseGet(() -> now.truncatedTo(MILLIS)),
        new RunProgress(transition.state(), transition.version()),
        transition.delta());
  }

  /// Whether this tells again how that run began: the same in all that is told here.
  public boolean isDuplicateOf(Run run, Transition begun) {
    return run.id().equals(firstReport.run())
        && run.details().equals(details)
        && createdAt.map(run.createdAt()::equals).orElse(true)
        && firstReport.state() == begun.state()
        && firstReport.version().orElse(1) == begun.version()
        && firstReport.occurredAt().map(begun.occurredAt()::equals).orElse(true)
        && firstReport.delta().equals(begun.delta())
        && firstReport.note().equals(begun.note());
  }
}
