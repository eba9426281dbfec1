package dev.runhook.application.delivery;

import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.Optional;

/// Selects open deliveries of a webhook to cancel.
///
/// @param from the earliest creation time, inclusive
/// @param to the latest creation time, exclusive
/// @param run only deliveries of this run
/// @param state only deliveries of this state
/// @param reason a text for users, or empty
public record CancelRequest(
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> run,
    Optional<RunState> state,
    String reason) {
  /// The maximum number of deliveries that one call cancels.
  public static final int MAX_DELIVERIES = 100_000;
}
