package dev.runhook.application.query;

import dev.runhook.domain.delivery.Replay;
import java.time.Instant;
import java.util.Optional;

/// A replay and the number of its deliveries by status.
///
/// @param completedAt when the last delivery was created; absent while the replay creates
///   deliveries, and if it was interrupted
/// @param canceledAt when a user canceled it; it then creates no more deliveries
/// @param created how many deliveries were created; `failed` and `pending` of them
public record ReplayProgress(
    Replay replay,
    Optional<Instant> completedAt,
    Optional<Instant> canceledAt,
    int created,
    int failed,
    int pending) {
  /// Returns the number of delivered deliveries, with those that retention has removed.
  public int delivered() {
    return created - failed - pending;
  }
}
