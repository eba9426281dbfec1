package dev.runhook.bootstrap.observe;

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
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Samples the store now and then, so that a scrape asks it nothing: however often and by how many
/// the metrics are read, and whether the store can be reached or not, they are there at once. All
/// processes on one store sample the same; take the maximum of theirs, not the sum.
public final class StoreGauges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreGauges.class);
  private static final Duration PERIOD = Duration.ofSeconds(15);

  /// A sample that takes long is taken more seldom: it uses one fiftieth of the time at most.
  private static final int REST = 50;

  private static final int SAMPLES_FOR_SIZES = 20;
  private static final List<String> HEALTHS = List.of("active", "paused", "disabled");

  private final StoreStats census;
  private final AtomicReference<Counts> latest =
      new AtomicReference<>(new Counts(List.of(), Map.of()));
  private final AtomicLong sampledAt = new AtomicLong(System.nanoTime());
  private final AtomicLong samples = new AtomicLong();
  private final MultiGauge sizes;
  private final Counter failures;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("census").daemon().factory());

  public StoreGauges(StoreStats census, MeterRegistry registry) {
    this.census = census;
    for (String health : HEALTHS) {
      addOpen(registry, health);
      Gauge.builder("runhook.webhooks", () -> latest.get().webhooks().getOrDefault(health, 0L))
          .description("Webhooks by their health")
          .tag("health", health)
          .register(registry);
    }
    this.sizes =
        MultiGauge.builder("runhook.store.table")
            .description("Size on disk of a table with its parts and indexes")
            .baseUnit("bytes")
            .register(registry);
    this.failures =
        Counter.builder("runhook.store.sample.failures")
            .description("Samples of the store that failed")
            .register(registry);
    Gauge.builder("runhook.store.sample.age", this::ageInSeconds)
        .description("How old the sample is that tells of the store")
        .baseUnit("seconds")
        .register(registry);
  }

  public void start() {
    timer.execute(this::sampleAndGoOn);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void sampleAndGoOn() {
    long begin = System.nanoTime();
    sample();
    long took = System.nanoTime() - begin;
    if (!timer.isShutdown()) {
      var _ =
          timer.schedule(
              this::sampleAndGoOn, Math.max(PERIOD.toNanos(), REST * took), TimeUnit.NANOSECONDS);
    }
  }

  private void sample() {
    try {
      latest.set(census.count());
      if (samples.getAndIncrement() % SAMPLES_FOR_SIZES == 0) {
        sizes.register(rows(census.tableSizes()), true);
      }
      sampledAt.set(System.nanoTime());
    } catch (RuntimeException e) {
      failures.increment();
      LOG.debug("the store could not be sampled; it will be tried again", e);
    }
  }

  private static List<Row<?>> rows(Map<String, Long> tables) {
    return tables.entrySet().stream()
        .<Row<?>>map(table -> Row.of(Tags.of("table", table.getKey()), table.getValue()))
        .toList();
  }

  private double ageInSeconds() {
    return (System.nanoTime() - sampledAt.get()) / (double) Duration.ofSeconds(1).toNanos();
  }

  private void addOpen(MeterRegistry registry, String health) {
    open(registry, health, "due", OpenDeliveries::due);
    open(registry, health, "under_way", OpenDeliveries::inFlight);
    open(registry, health, "scheduled", OpenDeliveries::scheduled);
    open(registry, health, "waiting", OpenDeliveries::waiting);
    Gauge.builder("runhook.open.deliveries.oldest", () -> of(health, OpenDeliveries::oldestSeconds))
        .description("How long ago the oldest open delivery was recorded")
        .baseUnit("seconds")
        .tag("health", health)
        .register(registry);
    Gauge.builder(
            "runhook.open.deliveries.overdue", () -> of(health, OpenDeliveries::overdueSeconds))
        .description("For how long a delivery has been due that nobody has taken")
        .baseUnit("seconds")
        .tag("health", health)
        .register(registry);
  }

  private void open(
      MeterRegistry registry, String health, String state, ToDoubleFunction<OpenDeliveries> value) {
    Gauge.builder("runhook.open.deliveries", () -> of(health, value))
        .description("Open deliveries by their state and the health of their webhook")
        .tag("state", state)
        .tag("health", health)
        .register(registry);
  }

  private double of(String health, ToDoubleFunction<OpenDeliveries> value) {
    return latest.get().open().stream()
        .filter(open -> open.health().equals(health))
        .mapToDouble(value)
        .findFirst()
        .orElse(0);
  }
}
