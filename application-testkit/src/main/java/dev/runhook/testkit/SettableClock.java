package dev.runhook.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// A clock that stands still until a test moves it. Thread-safe.
public final class SettableClock implements InstantSource {
  private Instant now;
  private long nanos;

  public SettableClock(Instant start) {
    this.now = start;
  }

  /// A clock that stands at [Samples#NOON].
  public static SettableClock atNoon() {
    return new SettableClock(Samples.NOON);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("a clock is advanced forwards, not by " + by);
    }
    now = now.plus(by);
    nanos += by.toNanos();
  }

  /// Nanoseconds that grow along with this clock, as `System::nanoTime` does with the real one.
  public LongSupplier ticker() {
    return this::nanos;
  }

  private synchronized long nanos() {
    return nanos;
  }
}
