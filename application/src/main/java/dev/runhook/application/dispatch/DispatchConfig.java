package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.SlotLimits;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// The configuration of a dispatcher.
///
/// @param retrySchedule for webhooks without one in their settings
/// @param timeout of one attempt, from connecting to the last byte, for webhooks without one in
///   their settings
/// @param maxTimeout at least `timeout`; a webhook with a longer one, from before this limit was
///   lowered, has this one
/// @param leaseDuration how long a process may keep a claimed delivery; at most [Lease#MAX], and at
///   least [Lease#MARGIN] longer than `timeout`, so that two processes never send a delivery at the
///   same time. A webhook with a longer timeout has longer leases ([Lease#durationFor])
/// @param maxInFlight the number of slots: the maximum number of attempts at the same time. One
///   account uses at most half of them
/// @param maxInFlightPerWebhook the maximum number of slots of one webhook
/// @param maxBytesInFlight the maximum length of all payloads in flight; one delivery may exceed it
public record DispatchConfig(
    RetrySchedule retrySchedule,
    PausePolicy pausePolicy,
    Duration timeout,
    Duration maxTimeout,
    Duration leaseDuration,
    int maxInFlight,
    int maxInFlightPerWebhook,
    long maxBytesInFlight) {
  /// The shortest lease that a host can choose.
  public static final Duration MIN_LEASE = Duration.ofSeconds(12);

  /// The maximum timeout of a webhook, unless a host chooses another one.
  public static final Duration DEFAULT_MAX_TIMEOUT = Duration.ofSeconds(30);

  private static final long DEFAULT_MAX_BYTES = 64L * 1024 * 1024;
  private static final Duration DEFAULT_LEASE = Duration.ofSeconds(40);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final int DEFAULT_PAUSE_AFTER = 10;
  private static final RetrySchedule DEFAULT_RETRY_SCHEDULE =
      new RetrySchedule(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofMinutes(30),
              Duration.ofHours(2),
              Duration.ofHours(5),
              Duration.ofHours(10),
              Duration.ofHours(10)));

  public DispatchConfig {
    if (timeout.compareTo(maxTimeout) > 0) {
      throw new IllegalArgumentException(
          "a timeout of " + timeout + " is longer than the maximum, " + maxTimeout);
    }
    if (leaseDuration.compareTo(timeout.plus(Lease.MARGIN)) < 0) {
      throw new IllegalArgumentException(
          "a lease of " + leaseDuration + " is too short for attempts of up to " + timeout);
    }
    if (leaseDuration.compareTo(Lease.MAX) > 0) {
      throw new IllegalArgumentException(
          "a lease of " + leaseDuration + " is longer than the maximum, " + Lease.MAX);
    }
    if (maxInFlightPerWebhook < 1 || maxInFlight < maxInFlightPerWebhook) {
      throw new IllegalArgumentException(
          "maxInFlightPerWebhook must be at least 1 and at most maxInFlight, but they are "
              + maxInFlightPerWebhook
              + " and "
              + maxInFlight);
    }
    if (maxBytesInFlight < 1) {
      throw new IllegalArgumentException(
          "maxBytesInFlight must be at least 1, but it is " + maxBytesInFlight);
    }
  }

  /// Returns the configuration of a server whose settings are not changed, except that
  /// `maxBytesInFlight` is 64 MiB.
  public static DispatchConfig defaults() {
    return of(
        DEFAULT_RETRY_SCHEDULE,
        new PausePolicy(DEFAULT_PAUSE_AFTER, DEFAULT_RETRY_SCHEDULE.delays()),
        DEFAULT_TIMEOUT);
  }

  /// Returns a configuration with a lease of 40 seconds and a maximum timeout of 30 seconds, or
  /// longer ones if the timeout requires it, and default limits. In a small heap, set
  /// [#withMaxBytesInFlight] to less than the default of 64 MiB.
  public static DispatchConfig of(
      RetrySchedule retrySchedule, PausePolicy pausePolicy, Duration timeout) {
    return new DispatchConfig(
        retrySchedule,
        pausePolicy,
        timeout,
        longer(timeout, DEFAULT_MAX_TIMEOUT),
        longer(timeout.plus(Lease.MARGIN), DEFAULT_LEASE),
        2048,
        64,
        DEFAULT_MAX_BYTES);
  }

  /// Returns a configuration with that limit for the timeouts of webhooks.
  public DispatchConfig withMaxTimeout(Duration maxTimeout) {
    return with(maxTimeout, leaseDuration, maxInFlight, maxInFlightPerWebhook, maxBytesInFlight);
  }

  /// Returns a configuration with that lease, or a longer one if the timeout requires it. After a
  /// crash, another process sends the deliveries in flight when their lease ends. A shorter lease
  /// makes it more likely that a process that was paused sends a delivery a second time.
  ///
  /// @param minimum at least [#MIN_LEASE], at most [Lease#MAX]
  public DispatchConfig withLease(Duration minimum) {
    if (minimum.compareTo(MIN_LEASE) < 0) {
      throw new IllegalArgumentException(
          "a lease must be at least " + MIN_LEASE + ", but it is " + minimum);
    }
    Duration lease = longer(timeout.plus(Lease.MARGIN), minimum);
    return with(maxTimeout, lease, maxInFlight, maxInFlightPerWebhook, maxBytesInFlight);
  }

  public DispatchConfig withConcurrency(int maxInFlight, int maxInFlightPerWebhook) {
    return with(maxTimeout, leaseDuration, maxInFlight, maxInFlightPerWebhook, maxBytesInFlight);
  }

  public DispatchConfig withMaxBytesInFlight(long maxBytesInFlight) {
    return with(maxTimeout, leaseDuration, maxInFlight, maxInFlightPerWebhook, maxBytesInFlight);
  }

  private DispatchConfig with(
      Duration maxTimeout, Duration lease, int maxInFlight, int perWebhook, long maxBytes) {
    return new DispatchConfig(
        retrySchedule, pausePolicy, timeout, maxTimeout, lease, maxInFlight, perWebhook, maxBytes);
  }

  /// Returns the limits of slots. A delivery whose payload is longer than its part of
  /// `maxBytesInFlight` takes several slots.
  SlotLimits slotLimits() {
    return new SlotLimits(
        maxInFlight, maxInFlightPerWebhook, Math.max(1, maxBytesInFlight / maxInFlight));
  }

  /// Returns the retry schedule in the webhook's settings, or else the default one.
  public RetrySchedule retryScheduleOf(Webhook webhook) {
    return webhook
        .settings()
        .delivery()
        .retryDelays()
        .map(RetrySchedule::ofWebhook)
        .orElse(retrySchedule);
  }

  /// Decides what happens to a delivery after an attempt.
  Disposition dispositionAfter(
      LeasedDelivery delivery, Instant startedAt, Outcome outcome, RandomGenerator random) {
    RetrySchedule schedule = retryScheduleOf(delivery.webhook());
    Lease lease = delivery.lease();
    if (!delivery.isProbe()) {
      return schedule.dispositionAfter(lease.failures(), outcome, random);
    }
    Duration age = Duration.between(lease.delivery().createdAt(), startedAt);
    return schedule.dispositionAfterProbe(lease.failures(), lease.attempt(), age, outcome, random);
  }

  /// Returns the timeout in the webhook's settings, at most `maxTimeout`, or else the default one.
  public Duration timeoutOf(Webhook webhook) {
    return webhook
        .settings()
        .delivery()
        .timeout()
        .map(own -> own.compareTo(maxTimeout) < 0 ? own : maxTimeout)
        .orElse(timeout);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
