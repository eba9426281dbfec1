package dev.runhook.bootstrap.observe;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/// The histogram buckets of timers. They are few, because each one is a time series for each set of
/// labels.
final class HistogramBuckets {
  private HistogramBuckets() {}

  /// From the duration of a fast local receiver to a long timeout.
  static Timer.Builder forAttempts(Timer.Builder timer) {
    return timer.serviceLevelObjectives(
        millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000));
  }

  /// From the duration of an in-memory hand-off to the end of the default retry schedule.
  static Timer.Builder forDeliveries(Timer.Builder timer) {
    return timer.serviceLevelObjectives(
        millis(
            5,
            10,
            25,
            50,
            100,
            250,
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            60_000,
            600_000,
            3_600_000,
            86_400_000));
  }

  static Timer.Builder forRequests(Timer.Builder timer) {
    return timer.serviceLevelObjectives(millis(5, 10, 25, 50, 100, 250, 500, 1_000, 5_000));
  }

  private static Duration[] millis(long... bounds) {
    return LongStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
