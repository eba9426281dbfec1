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
public record Pulse(Instant from, Duration step, boolean truncated, List<Beat> beats) {
  public Pulse {
    beats = List.copyOf(beats);
  }

  /// The deliveries that were created in one step.
  ///
  /// @param median from creation to delivery, of those delivered, or of some from all over the step
  ///   where there are hundreds; absent where there is none
  /// @param p99 the same for the 99th of a hundred
  public record Beat(
      Instant at,
      int delivered,
      int failed,
      int pending,
      Optional<Duration> median,
      Optional<Duration> p99) {
    static Beat silent(Instant at) {
      return new Beat(at, 0, 0, 0, Optional.empty(), Optional.empty());
    }
  }

  /// Over which while, and how fine.
  public enum Span {
    HOUR(Duration.ofMinutes(1), 60),
    DAY(Duration.ofMinutes(15), 96);

    private final Duration step;
    private final int steps;

    Span(Duration step, int steps) {
      this.step = step;
      this.steps = steps;
    }

    public Duration step() {
      return step;
    }

    public int steps() {
      return steps;
    }

    /// Where the first step begins, so that the last one is under way: at a whole multiple of the
    /// step, for a chart must not tremble.
    public Instant from(Instant now) {
      long last = Math.floorDiv(now.getEpochSecond(), step.toSeconds()) * step.toSeconds();
      return Instant.ofEpochSecond(last).minus(step.multipliedBy(steps - 1L));
    }

    /// A pulse of the steps in which something was, and of silence between.
    public Pulse of(Instant from, boolean truncated, List<Beat> sparse) {
      Map<Instant, Beat> byTime =
          sparse.stream().collect(Collectors.toMap(Beat::at, Function.identity()));
      List<Beat> beats = new ArrayList<>(steps);
      for (int i = 0; i < steps; i++) {
        Instant at = from.plus(step.multipliedBy(i));
        beats.add(Optional.ofNullable(byTime.get(at)).orElseGet(() -> Beat.silent(at)));
      }
      return new Pulse(from, step, truncated, beats);
    }
  }
}
