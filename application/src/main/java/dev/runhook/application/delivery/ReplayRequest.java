package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Delivery;
import java.time.Instant;
import java.util.Optional;

/// Which deliveries of a webhook are to be made once more.
///
/// @param from the earliest creation, inclusive
/// @param to the latest creation, exclusive; absent for all up to now
/// @param status how they ended: `DELIVERED` or `FAILED`
/// @param dryRun whether they are only counted
public record ReplayRequest(
    Instant from, Optional<Instant> to, Delivery.Status status, boolean dryRun) {
  /// The most that one replay repeats.
  public static final int MAX_DELIVERIES = 100_000;

  public ReplayRequest {
    if (status == Delivery.Status.PENDING) {
      throw new IllegalArgumentException(
          "only deliveries that have ended can be replayed: DELIVERED or FAILED");
    }
    if (to.filter(end -> !from.isBefore(end)).isPresent()) {
      throw new IllegalArgumentException("a replay ends after it begins: from is before to");
    }
  }
}
