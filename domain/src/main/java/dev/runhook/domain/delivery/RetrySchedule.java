package dev.runhook.domain.delivery;

import dev.runhook.domain.delivery.Disposition.Delivered;
import dev.runhook.domain.delivery.Disposition.Exhausted;
import dev.runhook.domain.delivery.Disposition.Retry;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.webhook.DeliverySettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The delays after the 1st, 2nd … failed attempt, each with a jitter of ±20 %. After the last
/// delay, the next failure is final.
///
/// After a sign of overload (status 429, 502, 503 or 504, or a timeout), a delay has a minimum. A
/// `Retry-After` header in such a response replaces the minimum, up to 24 hours.
///
/// Status 410 disables the webhook, and the delivery waits until a user enables it.
///
/// @param delays as in [DeliverySettings]
/// @param minOverloadedDelay the minimum after a sign of overload
public record RetrySchedule(List<Duration> delays, Duration minOverloadedDelay) {
  private static final double JITTER = 0.2;

  /// The longest delay, with its jitter.
  public static final Duration MAX_DELAY = DeliverySettings.MAX_DELAY.multipliedBy(6).dividedBy(5);

  private static final int MILLI_DIGITS = 3;
  private static final Duration DEFAULT_MIN_OVERLOADED_DELAY = Duration.ofMinutes(1);

  public RetrySchedule {
    delays = List.copyOf(delays);
    DeliverySettings.requireRetryDelays(delays);
  }

  /// Creates a default schedule, which has a minimum of one minute.
  public RetrySchedule(List<Duration> delays) {
    this(delays, DEFAULT_MIN_OVERLOADED_DELAY);
  }

  /// Returns the schedule that a user has chosen for a webhook, which has no minimum.
  public static RetrySchedule ofWebhook(List<Duration> delays) {
    return new RetrySchedule(delays, Duration.ZERO);
  }

  /// Decides what happens to a delivery after a probe of its paused webhook. A failed probe does
  /// not use up the schedule. It fails the delivery only after the schedule has ended: the delivery
  /// was attempted as often as the schedule allows, and its delays have passed.
  ///
  /// @param failuresBefore as in [#dispositionAfter]
  /// @param attempt the number of the probe among all attempts of the delivery
  /// @param age the time since the delivery was created
  public Disposition dispositionAfterProbe(
      int failuresBefore, int attempt, Duration age, Outcome outcome, RandomGenerator random) {
    Duration total = delays.stream().reduce(Duration.ZERO, Duration::plus);
    boolean hasEnded = attempt > delays.size() && age.compareTo(total) >= 0;
    int lastDelay = Math.max(0, delays.size() - 1);
    return dispositionAfter(
        hasEnded ? delays.size() : Math.min(failuresBefore, lastDelay), outcome, random);
  }

  /// Decides what happens to a delivery after an attempt.
  ///
  /// @param failuresBefore the number of earlier failed attempts of the delivery, except for probes
  public Disposition dispositionAfter(int failuresBefore, Outcome outcome, RandomGenerator random) {
    if (outcome.isDelivered()) {
      return new Delivered();
    }
    if (outcome.isGone()) {
      return new Retry(Duration.ZERO, Optional.of("the webhook is enabled"));
    }
    if (outcome.isAborted() || failuresBefore >= delays.size()) {
      return new Exhausted();
    }
    Duration planned = delays.get(failuresBefore);
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    Duration delay = Duration.ofMillis(Math.round(planned.toMillis() * factor));
    String calculation = String.format(Locale.ROOT, "%s × %.2f", seconds(planned), factor);
    return minimumDelay(outcome)
        .filter(minimum -> minimum.duration.compareTo(delay) > 0)
        .map(minimum -> new Retry(minimum.duration, Optional.of(minimum.insteadOf(calculation))))
        .orElseGet(() -> new Retry(delay, Optional.of(calculation + " = " + seconds(delay))));
  }

  private record MinimumDelay(Duration duration, String reason) {
    String insteadOf(String calculation) {
      return seconds(duration) + ", " + reason + " (" + calculation + " would be shorter)";
    }
  }

  private Optional<MinimumDelay> minimumDelay(Outcome outcome) {
    return switch (outcome) {
      case Responded responded when responded.isOverloaded() ->
          Optional.of(
              responded
                  .retryAfter()
                  .map(delay -> requestedDelay(responded.response().status(), delay))
                  .orElseGet(() -> overloadedDelay("status " + responded.response().status())));
      case NoResponse(Cause cause, var ignored) when cause == Cause.TIMEOUT ->
          Optional.of(overloadedDelay("a timeout"));
      case Outcome ignored -> Optional.empty();
    };
  }

  private MinimumDelay overloadedDelay(String after) {
    return new MinimumDelay(minOverloadedDelay, "the minimum after " + after);
  }

  private static MinimumDelay requestedDelay(int status, Duration requested) {
    String reason = "requested by the receiver with status " + status + " and Retry-After";
    return requested.compareTo(Outcome.MAX_RETRY_AFTER) > 0
        ? new MinimumDelay(Outcome.MAX_RETRY_AFTER, reason + ", limited to one day")
        : new MinimumDelay(requested, reason);
  }

  private static String seconds(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toMillis(), MILLI_DIGITS);
    return seconds.stripTrailingZeros().toPlainString() + " s";
  }
}
