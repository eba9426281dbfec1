package dev.runhook.domain.run;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.domain.trace.TraceContext;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What a reporter says of a run: it is now in this state. Whether that becomes a [Transition],
/// [RunProgress] judges.
///
/// @param version the reporter's own ordinal, at least 1; absent to have the next one assigned
/// @param at when it happened, kept to the millisecond; absent for "now"
/// @param delta what the run changes, if that is known by now
/// @param note a remark for the receivers
/// @param trace the span that it was made in, if its reporter traces
public record TransitionReport(
    RunId run,
    RunState state,
    OptionalLong version,
    Optional<Instant> occurredAt,
    Optional<Delta> delta,
    Optional<String> note,
    Optional<TraceContext> trace) {
  public TransitionReport {
    if (version.isPresent() && version.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "a stateVersion is at least 1, not " + version.getAsLong());
    }
    note.ifPresent(text -> TextLimits.require("the note", text));
    occurredAt = occurredAt.map(instant -> instant.truncatedTo(MILLIS));
  }

  /// One of a reporter that does not trace.
  public TransitionReport(
      RunId run,
      RunState state,
      OptionalLong version,
      Optional<Instant> at,
      Optional<Delta> delta,
      Optional<String> note) {
    this(run, state, version, at, delta, note, Optional.empty());
  }

  public static TransitionReport of(RunId run, RunState state) {
    return new TransitionReport(
        run, state, OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public TransitionReport withVersion(long number) {
    return new TransitionReport(
        run, state, OptionalLong.of(number), occurredAt, delta, note, trace);
  }

  public TransitionReport withOccurredAt(Instant instant) {
    return new TransitionReport(run, state, version, Optional.of(instant), delta, note, trace);
  }

  public TransitionReport withDelta(Delta resources) {
    return new TransitionReport(
        run, state, version, occurredAt, Optional.of(resources), note, trace);
  }

  public TransitionReport withNote(String text) {
    return new TransitionReport(run, state, version, occurredAt, delta, Optional.of(text), trace);
  }

  public TransitionReport withTrace(Optional<TraceContext> span) {
    return new TransitionReport(run, state, version, occurredAt, delta, note, span);
  }

  /// Whether this tells again what was recorded before: the same version with the same state.
  public boolean isDuplicateOf(Transition recorded) {
    return recorded.run().equals(run)
        && recorded.state() == state
        && version.isPresent()
        && version.getAsLong() == recorded.version();
  }
}
