package dev.runhook.persistence.jdbi;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Turns time ranges into ranges of UUIDv7 ids (RFC 9562). PostgreSQL then reads only the
/// partitions of those days and can use the index of the ids.
public final class IdRange {
  private static final int MILLIS_SHIFT = 16;
  private static final long MAX_MILLIS = (1L << 48) - 1;
  private static final UUID MIN = new UUID(0, 0);
  private static final UUID MAX = new UUID(-1, -1);

  private IdRange() {}

  /// The smallest id at or after `from`, or the smallest of all ids.
  public static UUID lowerBound(Optional<Instant> from) {
    return from.map(IdRange::lowerBound).orElse(MIN);
  }

  /// The smallest id at or after that instant. Ids have a resolution of one millisecond: an instant
  /// between two milliseconds is rounded up.
  public static UUID lowerBound(Instant instant) {
    long millis = Math.clamp(roundedUp(instant), 0, MAX_MILLIS);
    return new UUID(millis << MILLIS_SHIFT, 0);
  }

  /// The exclusive end of the range: the smallest id at or after `to`, or the cursor if it is
  /// smaller.
  public static UUID upperBound(Optional<Instant> to, Optional<UUID> cursor) {
    UUID end = to.map(IdRange::lowerBound).orElse(MAX);
    return cursor.filter(id -> compare(id, end) < 0).orElse(end);
  }

  private static long roundedUp(Instant instant) {
    long millis = instant.toEpochMilli();
    return Instant.ofEpochMilli(millis).isBefore(instant) ? millis + 1 : millis;
  }

  /// Compares as PostgreSQL does: by unsigned bytes.
  private static int compare(UUID left, UUID right) {
    int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
  }
}
