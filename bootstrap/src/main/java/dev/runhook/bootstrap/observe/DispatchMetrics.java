package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures what becomes of deliveries and webhooks. Every meter is made at the start, so that each
/// shows from the first scrape on, and one call is a few additions.
public final class DispatchMetrics implements DispatchObserver {
  private static final int MILLIS_SHIFT = 16;

  private final Map<Outcome.Code, Counter> attempts = new EnumMap<>(Outcome.Code.class);
  private final Map<HealthChange, Counter> turns = new EnumMap<>(HealthChange.class);
  private final Timer deliveredAttempts;
  private final Timer failedAttempts;
  private final Timer atOnce;
  private final Timer afterRetries;
  private final Counter givenUp;
  private final Counter late;
  private final Counter troubles;

  public DispatchMetrics(MeterRegistry registry) {
    for (Outcome.Code code : Outcome.Code.values()) {
      attempts.put(code, attempts(registry, code));
    }
    for (HealthChange turn : HealthChange.values()) {
      turns.put(turn, turns(registry, turn));
    }
    deliveredAttempts = attemptDuration(registry, "delivered");
    failedAttempts = attemptDuration(registry, "failed");
    atOnce = deliveryLag(registry, "first");
    afterRetries = deliveryLag(registry, "later");
    givenUp = counter(registry, "runhook.deliveries.given.up", "Deliveries that were given up");
    late =
        counter(
            registry,
            "runhook.attempts.late",
            "Attempts that ended after their lease and changed nothing");
    troubles =
        counter(
            registry, "runhook.engine.troubles", "Failures of our own that the engine outlived");
  }

  @Override
  public void onAttempt(LeasedDelivery leasedDelivery, Attempt attempt, Disposition disposition) {
    count(attempts.get(attempt.outcome().code()));
    (attempt.outcome().isDelivered() ? deliveredAttempts : failedAttempts)
        .record(attempt.duration());
    switch (disposition) {
      case Disposition.Delivered _ ->
          (attempt.number() == 1 ? atOnce : afterRetries)
              .record(lag(leasedDelivery.lease().delivery(), attempt));
      case Disposition.Retry _ -> {
        // counted as an attempt, and not yet as a delivery
      }
      case Disposition.Exhausted _ -> givenUp.increment();
    }
  }

  @Override
  public void onLeaseLost(LeasedDelivery leasedDelivery, Attempt attempt) {
    late.increment();
  }

  @Override
  public void onHealthChange(HealthChange turn, Webhook webhook, Health before) {
    count(turns.get(turn));
  }

  @Override
  public void onError(String doing, Throwable failure) {
    troubles.increment();
  }

  /// From when the delivery was recorded, which its id tells, until the answer was there. The id is
  /// made just before the commit; so the commit is counted in.
  private static Duration lag(DeliveryId delivery, Attempt attempt) {
    Instant recorded =
        Instant.ofEpochMilli(delivery.value().getMostSignificantBits() >>> MILLIS_SHIFT);
    Duration lag = Duration.between(recorded, attempt.startedAt().plus(attempt.duration()));
    return lag.isNegative() ? Duration.ZERO : lag;
  }

  private static void count(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  private static Counter attempts(MeterRegistry registry, Outcome.Code code) {
    return Counter.builder("runhook.attempts")
        .description("Attempts that ended, by outcome")
        .tag("outcome", code.name())
        .register(registry);
  }

  private static Counter turns(MeterRegistry registry, HealthChange turn) {
    return Counter.builder("runhook.webhook.turns")
        .description("Webhooks that were paused, disabled, enabled or became well again")
        .tag("turn", turn.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private static Timer attemptDuration(MeterRegistry registry, String result) {
    return HistogramBuckets.forAttempts(Timer.builder("runhook.attempt.duration"))
        .description("From connecting to the last byte of the answer")
        .tag("result", result)
        .register(registry);
  }

  private static Timer deliveryLag(MeterRegistry registry, String attempt) {
    return HistogramBuckets.forDeliveries(Timer.builder("runhook.delivery.lag"))
        .description("From recording a delivery to its receipt, by whether the first attempt did")
        .tag("attempt", attempt)
        .register(registry);
  }
}
