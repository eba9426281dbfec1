package dev.runhook.domain.run;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.domain.trace.TraceContext;
import java.time.Instant;
import java.util.Optional;

/// What a reporter says when a run comes into being: what it is about and the state it begins in.
///
/// @param createdAt when it was made, kept to the millisecond; absent for "now"
/// @param first its first state; where it names no version, that is 1
public record Start(RunSubject subject, Optional<Instant> createdAt, Report first) {
  public Start {
    createdAt = createdAt.map(instant -> instant.truncatedTo(MILLIS));
  }

  public static Start of(RunSubject subject, Report first) {
    return new Start(subject, Optional.empty(), first);
  }

  public Start traced(Optional<TraceContext> span) {
    return new Start(subject, createdAt, first.traced(span));
  }

  /// The first transition of the run. It is usual for a run to begin QUEUED; all else is marked.
  public Transition transition(Instant now) {
    return new Transition(
        first.run(),
        first.state(),
        first.version().orElse(1),
        first.at().orElseGet(() -> now.truncatedTo(MILLIS)),
        first.state() == RunState.QUEUED,
        first.delta(),
        first.note());
  }

  /// The run as it stands after its first transition.
  public Run run(Transition transition, Instant now) {
    return new Run(
        first.run(),
        subject,
        createdAt.orElseGet(() -> now.truncatedTo(MILLIS)),
        new RunProgress(transition.state(), transition.version()),
        transition.delta());
  }

  /// Whether this tells again how that run began: the same in all that is told here.
  public boolean repeats(Run run, Transition begun) {
    return run.id().equals(first.run())
        && run.subject().equals(subject)
        && createdAt.map(run.createdAt()::equals).orElse(true)
        && first.state() == begun.state()
        && first.version().orElse(1) == begun.version()
        && first.at().map(begun.at()::equals).orElse(true)
        && first.delta().equals(begun.delta())
        && first.note().equals(begun.note());
  }
}
