package dev.runhook.testkit;

import dev.runhook.application.spi.IdGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;

/// Generates predictable ids that strictly increase: UUIDs of version 7 from the given clock, with
/// a counter in place of random bits. Thread-safe.
public final class SequentialIdGenerator implements IdGenerator {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final InstantSource clock;
  private final int series;
  private long latest;
  private int counter;

  public SequentialIdGenerator(InstantSource clock) {
    this(clock, 0);
  }

  /// @param series distinguishes generators that use the same clock; 0 or more
  public SequentialIdGenerator(InstantSource clock, int series) {
    this.clock = clock;
    this.series = series;
  }

  @Override
  public UUID next() {
    return nextAt(clock.instant());
  }

  /// Returns the next id for the given time instead of the time of the clock. It is never lower
  /// than an earlier id.
  public synchronized UUID nextAt(Instant instant) {
    latest = Math.max(latest, instant.toEpochMilli());
    counter++;
    return new UUID(latest << 16 | VERSION_7, VARIANT | (long) counter << 30 | series);
  }

  /// Returns a readable name with the length and the ordering of a ULID.
  @Override
  public synchronized String nextRunName() {
    counter++;
    return String.format(Locale.ROOT, "RUN%05d%018d", series, counter);
  }
}
