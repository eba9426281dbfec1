package dev.runhook.domain.run;

import java.time.Instant;
import java.util.Optional;

/// A run entered a state. Recorded once, never changed.
///
/// @param version its ordinal in the run, from 1 on, growing but not always by one; receivers order
///   by it
/// @param at when it happened, as the reporter says
/// @param usual whether [StateGraph] knows the move
/// @param delta what the run changes, if it was told with this move
public record Transition(
    RunId run,
    RunState state,
    long version,
    Instant occurredAt,
    boolean expected,
    Optional<Delta> delta,
    Optional<String> note) {}
