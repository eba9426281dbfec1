package dev.runhook.embedded;

import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.stats.Stats;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.stats.StoreStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import javax.sql.DataSource;

/// Measures an embedded Runhook with Micrometer, which the service must bring: transitions,
/// attempts, the health of webhooks, and what is open in the database, under the names and tags of
/// the server.
///
/// @param registry must not be used by another Runhook
public record RunhookMetrics(MeterRegistry registry) {
  TransitionMetrics ofTransitions() {
    return new TransitionMetrics(registry);
  }

  DispatchMetrics ofAttempts() {
    return new DispatchMetrics(registry);
  }

  /// Removes the gauges, whose values no longer change. Counters stay for the last export.
  void removeGauges() {
    registry.getMeters().stream()
        .filter(meter -> meter instanceof Gauge)
        .filter(gauge -> gauge.getId().getName().startsWith("runhook."))
        .forEach(registry::remove);
  }

  StoreGauges ofStore(Engine engine, DataSource dataSource, BucketSchema schema) {
    BucketRouter buckets = engine.parts().stores().requests();
    return new StoreGauges(
        1,
        List.of(new StoreStats(dataSource, schema)),
        () -> new Stats(buckets).countVerdicts(buckets.all()),
        registry);
  }
}
