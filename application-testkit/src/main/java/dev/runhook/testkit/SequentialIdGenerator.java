package dev.runhook.testkit;

import dev.runhook.application.spi.IdGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;

/// Ids that only grow: UUIDs of version 7 by the given clock, and a counter where others have
/// chance. Thread-safe.
public final class SequentialIdGenerator implements IdGenerator {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final InstantSource clock;
  private final int series;
  private long latest;
  private int made;

  public SequentialIdGenerator(InstantSource clock) {
    this(clock, 0);
  }

  /// @param series tells the ids of several sources by the same clock apart; 0 or more
  public SequentialIdGenerator(InstantSource clock, int series) {
    this.clock = clock;
    this.series = series;
  }

  @Override
  public UUID next() {
    return nextAt(clock.instant());
  }

  /// The next id by that instant instead of the clock's; no earlier than those before it all the
  /// same.
  public synchronized UUID nextAt(Instant instant) {
    latest = Math.max(latest, instant.toEpochMilli());
    made++;
    return new UUID(latest << 16 | VERSION_7, VARIANT | (long) made << 30 | series);
  }

  /// As long as a ULID, and as well ordered; but one that a person can read.
  @Override
  public synchronized String nextRunName() {
    made++;
    return String.format(Locale.ROOT, "RUN%05d%018d", series, made);
  }
}
