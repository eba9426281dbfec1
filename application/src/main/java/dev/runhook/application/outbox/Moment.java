package dev.runhook.application.outbox;

import java.time.Duration;
import java.time.Instant;

/// A moment of this process, on two clocks: the monotonic one stands still while the machine is
/// suspended, and the wall clock can be set back.
///
/// @param nanos of the monotonic clock
public record Moment(long nanos, Instant wall) {
  /// Returns the time since an earlier moment, on the clock that shows more of it.
  public Duration since(Moment earlier) {
    Duration monotonic = Duration.ofNanos(nanos - earlier.nanos);
    Duration onWall = Duration.between(earlier.wall, wall);
    return monotonic.compareTo(onWall) > 0 ? monotonic : onWall;
  }
}
