package dev.runhook.application.dispatch;

import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;

/// How the engine behaves.
///
/// @param schedule of webhooks that have none of their own
/// @param timeout of one attempt, connect to last byte; of webhooks that have none of their own
/// @param lease how long a taker may keep a delivery; longer than the longest attempt by
///   [#LEASE_MARGIN] at least, so that nobody else sends it meanwhile. The longest attempt is that
///   of the most patient webhook there could be, not of those there are: so no choice of a person
///   and no change of the server's timeout can make an attempt outlast a lease
/// @param maxInFlight attempts under way at a time, in all
/// @param maxInFlightPerWebhook of one webhook
public record DispatchConfig(
    RetrySchedule retrySchedule,
    PausePolicy pausePolicy,
    Duration timeout,
    Duration leaseDuration,
    int maxInFlight,
    int maxInFlightPerWebhook) {
  /// What a lease must leave beside the attempt itself for waiting in memory and settling.
  public static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

  public DispatchConfig {
    Duration longest = longer(timeout, DeliverySettings.MAX_TIMEOUT);
    if (leaseDuration.compareTo(longest.plus(LEASE_MARGIN)) < 0) {
      throw new IllegalArgumentException(
          "a lease of " + leaseDuration + " is too short for attempts of up to " + longest);
    }
    if (maxInFlightPerWebhook < 1 || maxInFlight < maxInFlightPerWebhook) {
      throw new IllegalArgumentException(
          "at least 1 attempt per webhook, and in all no fewer than that, not "
              + maxInFlightPerWebhook
              + " and "
              + maxInFlight);
    }
  }

  /// The rules with the usual lease for that timeout.
  public static DispatchConfig of(RetrySchedule schedule, PausePolicy pausing, Duration timeout) {
    Duration lease =
        longer(
            timeout.plus(Duration.ofSeconds(20)), DeliverySettings.MAX_TIMEOUT.plus(LEASE_MARGIN));
    return new DispatchConfig(schedule, pausing, timeout, lease, 1024, 64);
  }

  public DispatchConfig withConcurrency(int inFlight, int perWebhook) {
    return new DispatchConfig(
        retrySchedule, pausePolicy, timeout, leaseDuration, inFlight, perWebhook);
  }

  /// The webhook's own schedule, or the usual.
  RetrySchedule retryScheduleOf(Webhook webhook) {
    return webhook
        .settings()
        .delivery()
        .retryDelays()
        .map(RetrySchedule::new)
        .orElse(retrySchedule);
  }

  /// How long an attempt for that webhook may take.
  Duration timeoutOf(Webhook webhook) {
    return webhook.settings().delivery().timeoutOr(timeout);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
