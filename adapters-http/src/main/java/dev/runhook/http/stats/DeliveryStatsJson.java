package dev.runhook.http.stats;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.DeliveryStats.StatsInterval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The delivery statistics of a webhook, in intervals of equal length.
///
/// @param step the length of an interval, as an ISO 8601 duration
/// @param truncated whether some counts are too low because there were too many deliveries
record DeliveryStatsJson(
    Instant from, String step, boolean truncated, List<StatsIntervalJson> items) {
  static DeliveryStatsJson of(DeliveryStats stats) {
    return new DeliveryStatsJson(
        stats.start(),
        stats.intervalLength().toString(),
        stats.truncated(),
        stats.intervals().stream().map(StatsIntervalJson::of).toList());
  }

  /// @param p50Ms the median latency; null, like `p99Ms`, if nothing was delivered
  record StatsIntervalJson(
      Instant start,
      int delivered,
      int failed,
      int pending,
      @Nullable Long p50Ms,
      @Nullable Long p99Ms) {
    static StatsIntervalJson of(StatsInterval interval) {
      return new StatsIntervalJson(
          interval.start(),
          interval.delivered(),
          interval.failed(),
          interval.pending(),
          interval.median().map(Duration::toMillis).orElse(null),
          interval.p99().map(Duration::toMillis).orElse(null));
    }
  }
}
