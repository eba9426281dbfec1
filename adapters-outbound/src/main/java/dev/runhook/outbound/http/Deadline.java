package dev.runhook.outbound.http;

import java.time.Duration;

/// The time by which an exchange must end.
///
/// @param nanoTime by `System.nanoTime()`
record Deadline(long nanoTime) {
  private static final Duration MIN_REMAINING = Duration.ofMillis(1);

  static Deadline after(Duration timeout) {
    return new Deadline(System.nanoTime() + timeout.toNanos());
  }

  boolean hasPassed() {
    return nanoTime - System.nanoTime() <= 0;
  }

  /// Returns the time left, at least one millisecond because the HTTP client requires it.
  Duration remaining() {
    Duration remaining = Duration.ofNanos(nanoTime - System.nanoTime());
    return remaining.compareTo(MIN_REMAINING) < 0 ? MIN_REMAINING : remaining;
  }
}
