package dev.runhook.application;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What became of a webhook's deliveries over a while, in steps of equal length.
///
/// @param truncated whether there were so many in a step that not all of it were counted
/// @param beats one for each step, the oldest first
public record DeliveryStats(
    Instant start, Duration intervalLength, boolean truncated, List<StatsInterval> intervals) {
  public DeliveryStats {
    intervals = List.copyOf(intervals);
  }

  /// The deliveries that were created in one step.
  ///
  /// @param median from creation to delivery, of those delivered, or of some from all over the step
  ///   where there are hundreds; absent where there is none
  /// @param p99 the same for the 99th of a hundred
  public record StatsInterval(
      Instant start,
      int delivered,
      int failed,
      int pending,
      Optional<Duration> median,
      Optional<Duration> p99) {
    static StatsInterval empty(Instant at) {
      return new StatsInterval(at, 0, 0, 0, Optional.empty(), Optional.empty());
    }
  }

  /// Over which while, and how fine.
  public enum Window {
    HOUR(Duration.ofMinutes(1), 60),
    DAY(Duration.ofMinutes(15), 96);

    private final Duration intervalLength;
    private final int intervalCount;

    Window(Duration step, int steps) {
      this.intervalLength = step;
      this.intervalCount = steps;
    }

    public Duration intervalLength() {
      return intervalLength;
    }

    public int intervalCount() {
      return intervalCount;
    }

    /// Where the first step begins, so that the last one is under way: at a whole multiple of the
    /// step, for a chart must not tremble.
    public Instant start(Instant now) {
      long last =
          Math.floorDiv(now.getEpochSecond(), intervalLength.toSeconds())
              * intervalLength.toSeconds();
      return Instant.ofEpochSecond(last).minus(intervalLength.multipliedBy(intervalCount - 1L));
    }

    /// A pulse of the steps in which something was, and of silence between.
    public DeliveryStats fill(Instant from, boolean truncated, List<StatsInterval> sparse) {
      Map<Instant, StatsInterval> byTime =
          sparse.stream().collect(Collectors.toMap(StatsInterval::start, Function.identity()));
      List<StatsInterval> beats = new ArrayList<>(intervalCount);
      for (int i = 0; i < intervalCount; i++) {
        Instant at = from.plus(intervalLength.multipliedBy(i));
        beats.add(Optional.ofNullable(byTime.get(at)).orElseGet(() -> StatsInterval.empty(at)));
      }
      return new DeliveryStats(from, intervalLength, truncated, beats);
    }
  }
}
