package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.PausePolicy;
import java.time.Duration;

/// How the engine behaves.
///
/// @param timeout of one attempt, connect to last byte
/// @param lease how long a taker may keep a delivery; longer than the timeout by [#MARGIN] at
///   least, so that nobody else sends it meanwhile
/// @param maxInFlight attempts under way at a time, in all
/// @param maxInFlightPerWebhook of one webhook
public record DispatchRules(
    RetrySchedule schedule,
    PausePolicy pausing,
    Duration timeout,
    Duration lease,
    int maxInFlight,
    int maxInFlightPerWebhook) {
  /// What a lease must leave beside the attempt itself for waiting in memory and settling.
  public static final Duration MARGIN = Duration.ofSeconds(10);

  public DispatchRules {
    if (lease.compareTo(timeout.plus(MARGIN)) < 0) {
      throw new IllegalArgumentException(
          "a lease of " + lease + " is too short for a timeout of " + timeout);
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
  public static DispatchRules of(RetrySchedule schedule, PausePolicy pausing, Duration timeout) {
    return new DispatchRules(
        schedule, pausing, timeout, timeout.plus(Duration.ofSeconds(20)), 1024, 64);
  }

  public DispatchRules atMost(int inFlight, int perWebhook) {
    return new DispatchRules(schedule, pausing, timeout, lease, inFlight, perWebhook);
  }
}
