package dev.runhook.persistence.jdbi;

import static java.time.temporal.ChronoUnit.MICROS;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The parts of SQL statements, and conversions between Java values and SQL values. PostgreSQL
/// stores instants with a resolution of one microsecond.
public final class SqlValues {
  private static final Duration MAX_DURATION = Duration.ofDays(36_500);
  private static final char REPLACEMENT_CHARACTER = '\ufffd';

  private SqlValues() {}

  /// Replaces a part of a statement by its text, for [String#transform].
  ///
  /// @throws IllegalArgumentException if a statement does not have the part
  public static UnaryOperator<String> define(String part, String text) {
    return sql -> {
      if (!sql.contains(part)) {
        throw new IllegalArgumentException("no " + part + " in: " + sql);
      }
      return sql.replace(part, text);
    };
  }

  /// Replaces NUL characters, which PostgreSQL does not accept in text.
  public static String replaceNul(String text) {
    return text.replace('\0', REPLACEMENT_CHARACTER);
  }

  /// Reads a column of type `text[]`. Null is an empty list.
  public static List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  /// A literal for `timestamptz`, truncated to microseconds.
  public static String format(Instant instant) {
    String text = instant.truncatedTo(MICROS).toString();
    return text.startsWith("+") ? text.substring(1) : text;
  }

  /// A literal for `timestamptz`, rounded up to microseconds. A stored instant is before the
  /// literal if and only if it is before the instant.
  public static String formatBound(Instant instant) {
    return format(instant.plusNanos(999));
  }

  public static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  public static Optional<Instant> findInstant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  public static Optional<Long> findLong(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable((Long) row.getObject(column));
  }

  public static Optional<Duration> findMillis(ResultSet row, String column) throws SQLException {
    return findLong(row, column).map(Duration::ofMillis);
  }

  /// Microseconds, capped at a century.
  public static long micros(Duration duration) {
    return (duration.compareTo(MAX_DURATION) > 0 ? MAX_DURATION : duration)
        .dividedBy(Duration.ofNanos(1000));
  }

  /// Milliseconds, capped at [Long#MAX_VALUE]: a receiver may ask for any delay.
  public static long millis(Duration duration) {
    try {
      return duration.toMillis();
    } catch (ArithmeticException ignored) {
      return Long.MAX_VALUE;
    }
  }
}
