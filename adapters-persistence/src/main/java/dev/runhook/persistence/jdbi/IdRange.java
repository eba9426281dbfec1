package dev.runhook.persistence.jdbi;

import dev.runhook.application.query.PageRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Turns time ranges and cursors into ranges of UUIDv7 ids (RFC 9562). PostgreSQL then reads only
/// the partitions of those days and can use the index of the ids.
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
    long millis = Math.clamp(instant.plusNanos(999_999).toEpochMilli(), 0, MAX_MILLIS);
    return new UUID(millis << MILLIS_SHIFT, 0);
  }

  /// The exclusive end of the range: the smallest id at or after `to`, or the cursor if it is
  /// smaller. The hex digits sort as in PostgreSQL; [UUID#compareTo] does not.
  public static UUID upperBound(Optional<Instant> to, Optional<UUID> cursor) {
    UUID end = to.map(IdRange::lowerBound).orElse(MAX);
    return cursor.filter(id -> id.toString().compareTo(end.toString()) < 0).orElse(end);
  }

  /// The exclusive end of a page of a list with the newest items first.
  ///
  /// @throws IllegalArgumentException if the cursor is not an id
  public static UUID upperBound(PageRequest page) {
    return upperBound(Optional.empty(), cursor(page));
  }

  /// The id after which the page begins.
  ///
  /// @throws IllegalArgumentException if the cursor is not an id
  public static Optional<UUID> cursor(PageRequest page) {
    return page.after().map(IdRange::parse);
  }

  /// @throws IllegalArgumentException if the cursor is not an id
  public static UUID parse(String cursor) {
    if (!cursor.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      throw new IllegalArgumentException(
          "\"%s\" is not a cursor of this list; pass the \"next\" value of the previous page"
              .formatted(cursor));
    }
    return UUID.fromString(cursor);
  }
}
