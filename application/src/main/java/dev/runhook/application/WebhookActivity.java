package dev.runhook.application;

import java.time.Instant;
import java.util.Optional;

/// What a webhook has done recently.
///
/// @param lastSuccess when one of its newest deliveries was delivered last
/// @param lastFailure when an attempt last counted as a failure of the webhook
/// @param pendingDeliveries the number of open deliveries, at most [#MAX_PENDING]
public record WebhookActivity(
    Optional<Instant> lastSuccess, Optional<Instant> lastFailure, int pendingDeliveries) {
  /// Bounds the cost of the count for a long queue.
  public static final int MAX_PENDING = 1_000;

  /// Returns the activity of a new webhook.
  public static WebhookActivity none() {
    return new WebhookActivity(Optional.empty(), Optional.empty(), 0);
  }
}
