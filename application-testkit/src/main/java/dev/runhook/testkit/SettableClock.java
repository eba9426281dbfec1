package dev.runhook.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// A clock that advances only when a test advances it. Thread-safe.
public final class SettableClock implements InstantSource {
  private Instant now;
  private long nanos;

  public SettableClock(Instant start) {
    this.now = start;
  }

  /// Returns a clock set to [Samples#NOON].
  public static SettableClock atNoon() {
    return new SettableClock(Samples.NOON);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("a clock cannot go back, but the step is " + by);
    }
    now = now.plus(by);
    nanos += by.toNanos();
  }

  /// Sets the time back, as a failover to another machine can. The source of nanoseconds goes on.
  public synchronized void stepBack(Duration by) {
    now = now.minus(by);
  }

  /// Returns a source of nanoseconds that advances with this clock, as a replacement for
  /// `System::nanoTime`.
  public LongSupplier ticker() {
    return this::nanos;
  }

  private synchronized long nanos() {
    return nanos;
  }
}
