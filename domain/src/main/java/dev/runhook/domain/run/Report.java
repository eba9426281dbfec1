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
public record Report(
    RunId run,
    RunState state,
    OptionalLong version,
    Optional<Instant> at,
    Optional<Delta> delta,
    Optional<String> note,
    Optional<TraceContext> trace) {
  public Report {
    if (version.isPresent() && version.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "a stateVersion is at least 1, not " + version.getAsLong());
    }
    note.ifPresent(text -> Text.fit("the note", text));
    at = at.map(instant -> instant.truncatedTo(MILLIS));
  }

  /// One of a reporter that does not trace.
  public Report(
      RunId run,
      RunState state,
      OptionalLong version,
      Optional<Instant> at,
      Optional<Delta> delta,
      Optional<String> note) {
    this(run, state, version, at, delta, note, Optional.empty());
  }

  public static Report of(RunId run, RunState state) {
    return new Report(
        run, state, OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public Report versioned(long number) {
    return new Report(run, state, OptionalLong.of(number), at, delta, note, trace);
  }

  public Report happenedAt(Instant instant) {
    return new Report(run, state, version, Optional.of(instant), delta, note, trace);
  }

  public Report changing(Delta resources) {
    return new Report(run, state, version, at, Optional.of(resources), note, trace);
  }

  public Report noted(String text) {
    return new Report(run, state, version, at, delta, Optional.of(text), trace);
  }

  public Report traced(Optional<TraceContext> span) {
    return new Report(run, state, version, at, delta, note, span);
  }

  /// Whether this tells again what was recorded before: the same version with the same state.
  public boolean repeats(Transition recorded) {
    return recorded.run().equals(run)
        && recorded.state() == state
        && version.isPresent()
        && version.getAsLong() == recorded.version();
  }
}
