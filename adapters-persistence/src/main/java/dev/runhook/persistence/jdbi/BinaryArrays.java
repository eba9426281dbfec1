package dev.runhook.persistence.jdbi;

import static java.time.temporal.ChronoUnit.MICROS;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/// Arrays of ids and instants in PostgreSQL's binary format. The driver sends these two types as
/// text, which costs formatting, escaping and parsing of each value.
///
/// The format is that of PostgreSQL's `array_send`: number of dimensions, whether there are nulls,
/// type of the elements; for each dimension its size and lower bound; for each element its length
/// (-1 for null) and its bytes. All numbers are in network byte order.
final class BinaryArrays {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int HEADER_BYTES = 5 * Integer.BYTES;

  private BinaryArrays() {}

  static Array uuids(Connection connection, List<@Nullable UUID> ids) throws SQLException {
    BiConsumer<UUID, ByteBuffer> writer =
        (id, buffer) ->
            buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    byte[] bytes = bytes(Oid.UUID, 2 * Long.BYTES, ids, writer);
    return new PgArray(connection.unwrap(BaseConnection.class), Oid.UUID_ARRAY, bytes);
  }

  /// Truncates to microseconds.
  ///
  /// @throws ArithmeticException if an instant is about 300,000 years away
  static Array instants(Connection connection, List<@Nullable Instant> instants)
      throws SQLException {
    BiConsumer<Instant, ByteBuffer> writer =
        (instant, buffer) -> buffer.putLong(EPOCH.until(instant.truncatedTo(MICROS), MICROS));
    byte[] bytes = bytes(Oid.TIMESTAMPTZ, Long.BYTES, instants, writer);
    return new PgArray(connection.unwrap(BaseConnection.class), Oid.TIMESTAMPTZ_ARRAY, bytes);
  }

  private static <T> byte[] bytes(
      int type, int width, List<@Nullable T> values, BiConsumer<T, ByteBuffer> writer) {
    ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + values.size() * (Integer.BYTES + width));
    buffer.putInt(values.isEmpty() ? 0 : 1).putInt(values.contains(null) ? 1 : 0).putInt(type);
    if (!values.isEmpty()) {
      buffer.putInt(values.size()).putInt(1);
    }
    for (@Nullable T value : values) {
      if (value == null) {
        buffer.putInt(-1);
      } else {
        buffer.putInt(width);
        writer.accept(value, buffer);
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
