package dev.runhook.domain.run;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.util.Optional.empty;

import dev.runhook.domain.text.TextLimits;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A reported state change of a run. [Run#check] decides whether it becomes a [Transition].
///
/// @param version the reporter's own ordinal, at least 1; absent to have the next one assigned
/// @param occurredAt truncated to milliseconds; absent for the current time
/// @param delta the numbers of resources that the run changes, if already known. If it is absent,
///   it is that of the changes, unless they are truncated.
/// @param note a remark for the receivers
/// @param changes the resources that the run changes, if the reporter lists them
/// @param trace the span in which the change was reported
public record TransitionReport(
    RunId run,
    RunState state,
    OptionalLong version,
    Optional<Instant> occurredAt,
    Optional<Delta> delta,
    Optional<String> note,
    Optional<ResourceChanges> changes,
    Optional<TraceContext> trace) {
  public TransitionReport {
    if (version.isPresent() && version.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "a stateVersion must be at least 1, not " + version.getAsLong());
    }
    note.ifPresent(text -> TextLimits.require("the note", text, TextLimits.MAX_TEXT));
    occurredAt = occurredAt.map(instant -> instant.truncatedTo(MILLIS));
    if (delta.isEmpty()) {
      delta = changes.filter(list -> !list.truncated()).map(ResourceChanges::toDelta);
    }
  }

  public static TransitionReport of(RunId run, RunState state) {
    return new TransitionReport(
        run, state, OptionalLong.empty(), empty(), empty(), empty(), empty(), empty());
  }

  public TransitionReport withVersion(long number) {
    return new TransitionReport(
        run, state, OptionalLong.of(number), occurredAt, delta, note, changes, trace);
  }

  public TransitionReport withOccurredAt(Instant instant) {
    return new TransitionReport(
        run, state, version, Optional.of(instant), delta, note, changes, trace);
  }

  public TransitionReport withDelta(Delta newDelta) {
    return new TransitionReport(
        run, state, version, occurredAt, Optional.of(newDelta), note, changes, trace);
  }

  public TransitionReport withNote(String text) {
    return new TransitionReport(
        run, state, version, occurredAt, delta, Optional.of(text), changes, trace);
  }

  public TransitionReport withChanges(ResourceChanges list) {
    return new TransitionReport(
        run, state, version, occurredAt, delta, note, Optional.of(list), trace);
  }

  public TransitionReport withTrace(Optional<TraceContext> newTrace) {
    return new TransitionReport(run, state, version, occurredAt, delta, note, changes, newTrace);
  }

  /// Returns the transition that this report becomes.
  ///
  /// @param now the time of the transition if the report has none
  Transition toTransition(long assignedVersion, boolean expected, Instant now) {
    Instant time = occurredAt.orElseGet(() -> now.truncatedTo(MILLIS));
    return new Transition(run, state, assignedVersion, time, expected, delta, note, changes);
  }

  /// Returns whether the recorded transition has the same version and state as this report.
  public boolean isDuplicateOf(Transition recorded) {
    return recorded.run().equals(run)
        && recorded.state() == state
        && version.isPresent()
        && version.getAsLong() == recorded.version();
  }
}
