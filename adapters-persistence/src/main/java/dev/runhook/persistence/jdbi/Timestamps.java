package dev.runhook.persistence.jdbi;

import static java.time.temporal.ChronoUnit.MICROS;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Instants and durations as PostgreSQL keeps them: to the microsecond.
public final class Timestamps {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Timestamps() {}

  /// Cut, not rounded, to what PostgreSQL can keep.
  public static @Nullable String format(@Nullable Instant instant) {
    if (instant == null) {
      return null;
    }
    String text = instant.truncatedTo(MICROS).toString();
    return text.startsWith("+") ? text.substring(1) : text;
  }

  public static Instant read(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  public static Optional<Instant> find(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  /// Microseconds, no more than a century of them.
  public static long micros(Duration duration) {
    return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).dividedBy(Duration.ofNanos(1000));
  }

  /// Milliseconds, as many as fit: a receiver may ask for any number.
  public static long millis(Duration duration) {
    try {
      return duration.toMillis();
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }
}
