package dev.runhook.application.query;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a webhook has done recently.
///
/// @param lastSuccess when one of its newest deliveries was delivered last
/// @param lastFailure when an attempt last counted as a failure of the webhook
/// @param pendingDeliveries the number of open deliveries, at most [#MAX_COUNTED]
/// @param failedDeliveries the number of deliveries that were created within [#FAILURES], have
///   failed permanently and were not sent again since, at most [#MAX_COUNTED]
/// @param firstAttempts of its newest deliveries
public record WebhookActivity(
    Optional<Instant> lastSuccess,
    Optional<Instant> lastFailure,
    int pendingDeliveries,
    int failedDeliveries,
    FirstAttempts firstAttempts) {
  /// Bounds the cost of the counts.
  public static final int MAX_COUNTED = 1_000;

  public static final Duration FAILURES = Duration.ofHours(24);

  /// The first attempts of the newest deliveries, at most [#MAX], that were created within
  /// [#PERIOD]. Their share of failures says whether a webhook is healthy, however its last attempt
  /// ended.
  ///
  /// @param total the number of deliveries with a finished attempt
  /// @param failed how many of these failed at first
  public record FirstAttempts(int total, int failed) {
    public static final int MAX = 50;
    public static final Duration PERIOD = Duration.ofHours(1);
  }

  /// Returns the activity of a new webhook.
  public static WebhookActivity none() {
    return new WebhookActivity(Optional.empty(), Optional.empty(), 0, 0, new FirstAttempts(0, 0));
  }
}
