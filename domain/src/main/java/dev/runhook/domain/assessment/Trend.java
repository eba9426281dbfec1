package dev.runhook.domain.assessment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// The deliveries of the last 24 hours by the half-hour of their creation. Half-hours start at full
/// and half hours, so that a trend changes only with its deliveries and once in a half-hour.
///
/// @param from the start of the first half-hour
/// @param delivered [#LENGTH] counts, the oldest first; those of a webhook are at most
///   [#MAX_COUNTED]
/// @param failed how many failed permanently
public record Trend(Instant from, List<Integer> delivered, List<Integer> failed) {
  public static final Duration STEP = Duration.ofMinutes(30);
  public static final int LENGTH = 48;

  /// Bounds the cost of each count of a webhook. A stack rarely has more transitions in a
  /// half-hour.
  public static final int MAX_COUNTED = 250;

  public Trend {
    delivered = List.copyOf(delivered);
    failed = List.copyOf(failed);
    if (delivered.size() != LENGTH || failed.size() != LENGTH) {
      throw new IllegalArgumentException("a trend has " + LENGTH + " half-hours");
    }
  }

  /// Returns the start of the first half-hour, so that `now` is in the last one.
  public static Instant start(Instant now) {
    long last = Math.floorDiv(now.getEpochSecond(), STEP.toSeconds()) * STEP.toSeconds();
    return Instant.ofEpochSecond(last).minus(STEP.multipliedBy(LENGTH - 1));
  }

  /// Returns a trend without deliveries.
  public static Trend none(Instant now) {
    List<Integer> zeros = IntStream.range(0, LENGTH).mapToObj(ignored -> 0).toList();
    return new Trend(start(now), zeros, zeros);
  }

  /// Returns the sums of both. What is older than the later trend is left out.
  public Trend plus(Trend other) {
    if (other.from.isBefore(from)) {
      return other.plus(this);
    }
    int shift = (int) Math.min(LENGTH, Duration.between(from, other.from).dividedBy(STEP));
    return new Trend(
        other.from, sum(delivered, shift, other.delivered), sum(failed, shift, other.failed));
  }

  private static List<Integer> sum(List<Integer> older, int shift, List<Integer> newer) {
    return IntStream.range(0, LENGTH)
        .mapToObj(i -> newer.get(i) + (i + shift < LENGTH ? older.get(i + shift) : 0))
        .toList();
  }
}
