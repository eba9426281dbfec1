package dev.runhook.persistence.jdbi;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Spans of time as ranges of the UUIDv7 keys that came to be in them, so that PostgreSQL looks
/// only into the parts of those days, and in these only where an index points to.
public final class IdRange {
  private static final int MILLIS_SHIFT = 16;
  private static final long LAST_MILLI = (1L << 48) - 1;
  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);

  private IdRange() {}

  /// The least key of that instant or later; the least of all where there is none.
  public static UUID lowerBound(Optional<Instant> from) {
    return from.map(IdRange::lowerBound).orElse(FIRST);
  }

  /// The key that all are below which came to be before that instant and are below that cursor.
  public static UUID upperBound(Optional<Instant> to, Optional<UUID> cursor) {
    UUID end = to.map(IdRange::lowerBound).orElse(LAST);
    return cursor.filter(id -> compare(id, end) < 0).orElse(end);
  }

  /// The least key that may come to be at that instant. Keys know milliseconds: what is asked for
  /// between two begins with the later one.
  public static UUID lowerBound(Instant instant) {
    long millis = Math.clamp(roundedUp(instant), 0, LAST_MILLI);
    return new UUID(millis << MILLIS_SHIFT, 0);
  }

  private static long roundedUp(Instant instant) {
    long millis = instant.toEpochMilli();
    return Instant.ofEpochMilli(millis).isBefore(instant) ? millis + 1 : millis;
  }

  /// As PostgreSQL does: by the bytes, none of which is negative.
  private static int compare(UUID one, UUID other) {
    int most = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return most != 0
        ? most
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }
}
