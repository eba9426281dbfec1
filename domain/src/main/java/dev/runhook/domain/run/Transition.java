package dev.runhook.domain.run;

import java.time.Instant;
import java.util.Optional;

/// The entry of a run into a state. Transitions are immutable.
///
/// @param version the ordinal in the run, starting at 1; it increases, but not always by one, and
///   receivers use it to order transitions
/// @param occurredAt as reported
/// @param expected see [RunState#expects]
/// @param delta the numbers of resources that the run changes, if they were reported with this
///   transition
/// @param changes these resources, if they were reported with this transition
public record Transition(
    RunId run,
    RunState state,
    long version,
    Instant occurredAt,
    boolean expected,
    Optional<Delta> delta,
    Optional<String> note,
    Optional<ResourceChanges> changes) {
  /// Creates a transition without a list of changes.
  public Transition(
      RunId run,
      RunState state,
      long version,
      Instant occurredAt,
      boolean expected,
      Optional<Delta> delta,
      Optional<String> note) {
    this(run, state, version, occurredAt, expected, delta, note, Optional.empty());
  }
}
