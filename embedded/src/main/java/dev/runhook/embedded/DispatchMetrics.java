package dev.runhook.embedded;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
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
import java.util.Objects;
import java.util.stream.DoubleStream;

/// Measures attempts, deliveries and changes of webhook health with Micrometer, which a service
/// must bring. All metrics are created at startup, so that the first scrape contains them.
public final class DispatchMetrics implements DispatchObserver {
  /// From the duration of a fast local receiver to a long timeout, in seconds.
  private static final double[] ATTEMPT_BUCKETS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  /// From an in-memory hand-off to the end of the default retry schedule, in seconds.
  private static final double[] LAG_BUCKETS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600, 86_400
  };

  private static final int MILLIS_SHIFT = 16;

  private final Map<Outcome.Code, Counter> attempts = new EnumMap<>(Outcome.Code.class);
  private final Map<HealthChange, Counter> healthChanges = new EnumMap<>(HealthChange.class);
  private final Timer deliveredAttempts;
  private final Timer failedAttempts;
  private final Timer firstAttemptLag;
  private final Timer laterAttemptLag;
  private final Counter failedDeliveries;
  private final Counter expiredLeases;
  private final Counter errors;

  public DispatchMetrics(MeterRegistry registry) {
    for (Outcome.Code code : Outcome.Code.values()) {
      attempts.put(
          code,
          counter(registry, "runhook.attempts", "Attempts by outcome", "outcome", code.name()));
    }
    for (HealthChange change : HealthChange.values()) {
      healthChanges.put(
          change,
          counter(
              registry,
              "runhook.webhook.health.changes",
              "Webhooks that were paused, disabled or enabled, or that recovered",
              "change",
              change.name().toLowerCase(Locale.ROOT)));
    }
    deliveredAttempts = attemptDuration(registry, "delivered");
    failedAttempts = attemptDuration(registry, "failed");
    firstAttemptLag = deliveryLag(registry, "first");
    laterAttemptLag = deliveryLag(registry, "later");
    failedDeliveries =
        counter(registry, "runhook.deliveries.failed", "Deliveries that failed permanently");
    expiredLeases =
        counter(
            registry,
            "runhook.attempts.lease.expired",
            "Attempts whose result was discarded because the lease had expired");
    errors =
        counter(registry, "runhook.dispatcher.errors", "Errors that the dispatcher recovered from");
  }

  @Override
  public void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
    Objects.requireNonNull(attempts.get(attempt.outcome().code())).increment();
    (attempt.outcome().isDelivered() ? deliveredAttempts : failedAttempts)
        .record(attempt.duration());
    switch (disposition) {
      case Disposition.Delivered ignored ->
          (attempt.number() == 1 ? firstAttemptLag : laterAttemptLag)
              .record(lag(delivery.lease().delivery(), attempt));
      case Disposition.Retry ignored -> {
        // the delivery is still open
      }
      case Disposition.Exhausted ignored -> failedDeliveries.increment();
    }
  }

  @Override
  public void onLeaseLost(LeasedDelivery delivery, Attempt attempt) {
    expiredLeases.increment();
  }

  @Override
  public void onHealthChange(HealthChange change, Webhook webhook, Health before) {
    Objects.requireNonNull(healthChanges.get(change)).increment();
  }

  @Override
  public void onError(String operation, Throwable failure) {
    errors.increment();
  }

  /// Returns the time from the creation of the delivery, which its id contains, to the end of the
  /// response. The id is created shortly before the commit, so the lag includes the commit.
  private static Duration lag(DeliveryId delivery, Attempt attempt) {
    Instant createdAt =
        Instant.ofEpochMilli(delivery.value().getMostSignificantBits() >>> MILLIS_SHIFT);
    Duration lag = Duration.between(createdAt, attempt.startedAt().plus(attempt.duration()));
    return lag.isNegative() ? Duration.ZERO : lag;
  }

  private static Timer attemptDuration(MeterRegistry registry, String result) {
    return histogram("runhook.attempt.duration", ATTEMPT_BUCKETS)
        .description("Duration of attempts, from connecting to the last byte of the response")
        .tag("result", result)
        .register(registry);
  }

  private static Timer deliveryLag(MeterRegistry registry, String attempt) {
    return histogram("runhook.delivery.lag", LAG_BUCKETS)
        .description("Time from recording a delivery to its receipt, by first or later attempt")
        .tag("attempt", attempt)
        .register(registry);
  }

  private static Counter counter(
      MeterRegistry registry, String name, String description, String... tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  /// Builds a timer with a histogram. It should have few buckets, because each one is a time series
  /// for each set of labels.
  public static Timer.Builder histogram(String name, double... bucketSeconds) {
    return Timer.builder(name)
        .serviceLevelObjectives(
            DoubleStream.of(bucketSeconds)
                .mapToObj(seconds -> Duration.ofMillis(Math.round(seconds * 1_000)))
                .toArray(Duration[]::new));
  }
}
