package dev.runhook.embedded;

import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.persistence.stats.StoreStats;
import dev.runhook.persistence.stats.StoreStats.Counts;
import dev.runhook.persistence.stats.StoreStats.OpenDeliveries;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gauges of the buckets of one database. They show the latest sample, so a scrape never queries
/// the database and returns immediately even if the database is unreachable. All processes of a
/// store export the same values; use their maximum instead of their sum.
public final class StoreGauges {
  /// How often to call [#sample].
  public static final Duration INTERVAL = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(StoreGauges.class);

  /// Sampling uses at most one fiftieth of the time: a slow sample delays the next one.
  private static final int MIN_PAUSE_FACTOR = 50;

  private static final int SAMPLES_PER_SIZE_SAMPLE = 20;
  private static final List<String> HEALTH_STATES = List.of("active", "paused", "disabled");

  private final String database;
  private final List<StoreStats> buckets;
  private final Supplier<Map<Verdict, Integer>> verdicts;
  private final MultiGauge sizes;
  private final Counter failures;
  private volatile Counts latest = new Counts(List.of(), Map.of());
  private volatile Map<Verdict, Integer> latestVerdicts = Map.of();
  private volatile long sampledAt = System.nanoTime();
  private long nextSampleAt = sampledAt; // guarded by this
  private long nextVerdictsAt = sampledAt; // guarded by this
  private long samples; // guarded by this

  /// @param database its number, starting at 1
  /// @param verdicts counts the webhooks of the buckets by verdict
  public StoreGauges(
      int database,
      List<StoreStats> buckets,
      Supplier<Map<Verdict, Integer>> verdicts,
      MeterRegistry registry) {
    this.database = Integer.toString(database);
    this.buckets = List.copyOf(buckets);
    this.verdicts = verdicts;
    for (Verdict verdict : Verdict.values()) {
      Gauge.builder("runhook.webhook.verdicts", () -> latestVerdicts.getOrDefault(verdict, 0))
          .description("Webhooks by how well they work")
          .tag("database", this.database)
          .tag("verdict", verdict.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    for (String health : HEALTH_STATES) {
      addOpenDeliveries(registry, health);
      Gauge.builder("runhook.webhooks", () -> latest.webhooks().getOrDefault(health, 0L))
          .description("Webhooks by health")
          .tag("database", this.database)
          .tag("health", health)
          .register(registry);
    }
    this.sizes =
        MultiGauge.builder("runhook.store.table")
            .description("Size of a table on disk with its partitions and indexes")
            .baseUnit("bytes")
            .tag("database", this.database)
            .register(registry);
    this.failures =
        Counter.builder("runhook.store.sample.failures")
            .description("Failed samples of the store")
            .tag("database", this.database)
            .register(registry);
    Gauge.builder("runhook.store.sample.age", this::ageInSeconds)
        .description("Age of the latest sample of the store")
        .tag("database", this.database)
        .baseUnit("seconds")
        .register(registry);
  }

  /// Takes a sample, unless the last one was slow and recent. That of the verdicts depends on the
  /// number of webhooks, and does not delay the others.
  public synchronized void sample() {
    nextSampleAt = sample(nextSampleAt, this::sampleStore);
    nextVerdictsAt = sample(nextVerdictsAt, () -> latestVerdicts = verdicts.get());
  }

  /// Returns how long the oldest delivery to an active webhook that could be sent had not been at
  /// the latest sample.
  Duration lag() {
    return Duration.ofMillis(Math.round(1_000 * latest("active", OpenDeliveries::overdueSeconds)));
  }

  private double latest(String health, ToDoubleFunction<OpenDeliveries> value) {
    return latest.open().stream()
        .filter(deliveries -> deliveries.health().equals(health))
        .mapToDouble(value)
        .findFirst()
        .orElse(0);
  }

  private void sampleStore() {
    latest = buckets.stream().map(StoreStats::count).reduce(Counts::plus).orElseThrow();
    if (samples++ % SAMPLES_PER_SIZE_SAMPLE == 0) {
      Map<String, Long> tables =
          buckets.stream().map(StoreStats::tableSizes).reduce(StoreStats::sum).orElseThrow();
      sizes.register(rows(tables), true);
    }
    sampledAt = System.nanoTime();
  }

  /// Returns when the next sample may be taken.
  private long sample(long allowedAt, Runnable sample) {
    long start = System.nanoTime();
    if (start - allowedAt < 0) {
      return allowedAt;
    }
    try {
      sample.run();
    } catch (RuntimeException e) {
      failures.increment();
      LOG.debug("sampling the store failed; it will be tried again", e);
    }
    long end = System.nanoTime();
    return end + MIN_PAUSE_FACTOR * (end - start);
  }

  private static List<Row<?>> rows(Map<String, Long> tables) {
    return tables.entrySet().stream()
        .<Row<?>>map(table -> Row.of(Tags.of("table", table.getKey()), table.getValue()))
        .toList();
  }

  private double ageInSeconds() {
    return (System.nanoTime() - sampledAt) / (double) Duration.ofSeconds(1).toNanos();
  }

  private void addOpenDeliveries(MeterRegistry registry, String health) {
    addState(registry, health, "due", OpenDeliveries::due);
    addState(registry, health, "in_flight", OpenDeliveries::inFlight);
    addState(registry, health, "scheduled", OpenDeliveries::scheduled);
    addState(registry, health, "waiting", OpenDeliveries::waiting);
    gauge("runhook.open.deliveries.oldest", health, OpenDeliveries::oldestSeconds)
        .description("Age of the oldest among the next open deliveries of each webhook")
        .baseUnit("seconds")
        .register(registry);
    gauge("runhook.open.deliveries.overdue", health, OpenDeliveries::overdueSeconds)
        .description("How long the oldest unclaimed delivery has been due")
        .baseUnit("seconds")
        .register(registry);
  }

  private void addState(
      MeterRegistry registry, String health, String state, ToDoubleFunction<OpenDeliveries> value) {
    gauge("runhook.open.deliveries", health, value)
        .description("Open deliveries by state and health of the webhook")
        .tag("state", state)
        .register(registry);
  }

  private Gauge.Builder<Supplier<Number>> gauge(
      String name, String health, ToDoubleFunction<OpenDeliveries> value) {
    Supplier<Number> latestValue = () -> latest(health, value);
    return Gauge.builder(name, latestValue).tag("database", database).tag("health", health);
  }
}
