package dev.runhook.application.spi.delivery;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;

/// The right to make one attempt of a delivery.
///
/// @param attempt the number of the attempt; a lease with a higher number invalidates this one
/// @param failures how many attempts of the schedule have failed so far; probes are not part of it
public record Lease(DeliveryId delivery, int attempt, int failures) {
  /// The part of a lease that is reserved for starting the attempt and for completing it.
  public static final Duration MARGIN = Duration.ofSeconds(10);

  /// The longest lease. A store ends what is leased for longer.
  public static final Duration MAX = Duration.ofHours(1);

  /// Returns how long to lease a delivery of the webhook: longer than its own timeout by [#MARGIN],
  /// and at least `minimum`.
  public static Duration durationFor(Webhook webhook, Duration minimum) {
    return webhook
        .settings()
        .delivery()
        .timeout()
        .map(timeout -> timeout.plus(MARGIN))
        .filter(duration -> duration.compareTo(minimum) > 0)
        .orElse(minimum);
  }
}
