package dev.runhook.application.query;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The deliveries of a webhook, or of several, in a time window, counted in intervals of equal
/// length.
///
/// @param truncated whether some interval had too many deliveries to count all of them
/// @param intervals one for each interval of the window, oldest first
/// @param unavailableBuckets whose deliveries are missing
public record DeliveryStats(
    Instant start,
    Duration intervalLength,
    boolean truncated,
    List<StatsInterval> intervals,
    List<Integer> unavailableBuckets) {
  public DeliveryStats {
    intervals = List.copyOf(intervals);
    unavailableBuckets = List.copyOf(unavailableBuckets);
  }

  /// Returns the sums of both counts, without latencies. If the windows differ, because the clocks
  /// of two stores do, the sums are those of the later window.
  public DeliveryStats plus(DeliveryStats other) {
    if (start.isBefore(other.start)) {
      return other.plus(this);
    }
    Map<Instant, StatsInterval> others =
        other.intervals.stream()
            .collect(Collectors.toMap(StatsInterval::start, Function.identity()));
    return new DeliveryStats(
        start,
        intervalLength,
        truncated || other.truncated,
        intervals.stream()
            .map(each ->
                each.plus(others.getOrDefault(each.start(), StatsInterval.empty(each.start()))))
            .toList(),
        unavailableBuckets);
  }

  /// Returns the same statistics, from which the deliveries in these buckets are missing.
  public DeliveryStats withUnavailableBuckets(List<Integer> unavailable) {
    return new DeliveryStats(start, intervalLength, truncated, intervals, unavailable);
  }

  /// The deliveries that were created in one interval. Those of several webhooks are only counted:
  /// `retried` is 0 then, and the times are absent.
  ///
  /// @param retried the number of delivered ones that needed several attempts, computed from a
  ///   sample if there are hundreds
  /// @param median the median time from creation to delivery of delivered deliveries, or of a
  ///   sample if there are hundreds; absent if there is none
  /// @param p99 the 99th percentile of the same times
  public record StatsInterval(
      Instant start,
      int delivered,
      int retried,
      int failed,
      int pending,
      Optional<Duration> median,
      Optional<Duration> p99) {
    static StatsInterval empty(Instant start) {
      return counts(start, 0, 0, 0);
    }

    /// Creates an interval of several webhooks.
    public static StatsInterval counts(Instant start, int delivered, int failed, int pending) {
      return new StatsInterval(
          start, delivered, 0, failed, pending, Optional.empty(), Optional.empty());
    }

    private StatsInterval plus(StatsInterval other) {
      return counts(
          start, delivered + other.delivered, failed + other.failed, pending + other.pending);
    }
  }

  /// A time window and its resolution.
  public enum Window {
    HOUR(Duration.ofMinutes(1), 60),
    DAY(Duration.ofMinutes(15), 96);

    private final Duration intervalLength;
    private final int intervalCount;

    Window(Duration intervalLength, int intervalCount) {
      this.intervalLength = intervalLength;
      this.intervalCount = intervalCount;
    }

    public Duration intervalLength() {
      return intervalLength;
    }

    public int intervalCount() {
      return intervalCount;
    }

    /// Returns the start of the first interval, so that `now` is in the last one. Intervals start
    /// at multiples of their length, so that charts do not shift between two requests.
    public Instant start(Instant now) {
      long seconds = intervalLength.toSeconds();
      long last = Math.floorDiv(now.getEpochSecond(), seconds) * seconds;
      return Instant.ofEpochSecond(last).minus(intervalLength.multipliedBy(intervalCount - 1L));
    }

    /// Completes the intervals that have deliveries with empty ones.
    public DeliveryStats fill(Instant start, boolean truncated, List<StatsInterval> sparse) {
      Map<Instant, StatsInterval> byStart =
          sparse.stream().collect(Collectors.toMap(StatsInterval::start, Function.identity()));
      List<StatsInterval> intervals =
          Stream.iterate(start, previous -> previous.plus(intervalLength))
              .limit(intervalCount)
              .map(time -> byStart.getOrDefault(time, StatsInterval.empty(time)))
              .toList();
      return new DeliveryStats(start, intervalLength, truncated, intervals, List.of());
    }
  }
}
