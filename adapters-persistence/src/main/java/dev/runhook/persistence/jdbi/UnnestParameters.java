package dev.runhook.persistence.jdbi;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.runhook.domain.account.StackScope;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/// Parameters for `unnest`: one array per column with one element per row. A batch of any size
/// costs one statement.
public final class UnnestParameters<T> {
  private final List<T> rows;
  private final Map<String, Argument> arrays = new LinkedHashMap<>();

  private UnnestParameters(List<T> rows) {
    this.rows = rows;
  }

  public static <T> UnnestParameters<T> of(Collection<T> rows) {
    return new UnnestParameters<>(List.copyOf(rows));
  }

  public UnnestParameters<T> uuids(String name, Function<T, @Nullable UUID> value) {
    return column(name, value, BinaryArrays::uuids);
  }

  public UnnestParameters<T> texts(String name, Function<T, @Nullable String> value) {
    return column(name, value, encoder("text", String[]::new));
  }

  public UnnestParameters<T> longs(String name, Function<T, @Nullable Long> value) {
    return column(name, value, encoder("int8", Long[]::new));
  }

  public UnnestParameters<T> booleans(String name, Function<T, @Nullable Boolean> value) {
    return column(name, value, encoder("bool", Boolean[]::new));
  }

  public UnnestParameters<T> instants(String name, Function<T, @Nullable Instant> value) {
    return column(name, value, BinaryArrays::instants);
  }

  public UnnestParameters<T> bytes(String name, Function<T, byte @Nullable []> value) {
    return column(name, value, encoder("bytea", byte[][]::new));
  }

  /// An array of strings for each row. `unnest` would flatten nested arrays, so each row is an
  /// array literal that the statement must cast to `text[]`.
  public UnnestParameters<T> textArrays(String name, Function<T, @Nullable List<String>> value) {
    return texts(name, row -> literal(value.apply(row)));
  }

  public <S extends SqlStatement<S>> S bindTo(S statement) {
    arrays.forEach(statement::bind);
    return statement;
  }

  /// Binds an array of ids.
  public static <S extends SqlStatement<S>> S bindIds(
      String name, Collection<UUID> ids, S statement) {
    return of(ids).uuids(name, id -> id).bindTo(statement);
  }

  /// Binds the parameters of a condition such as `(:allStacks or slug = any (:slugs))`.
  public static <S extends SqlStatement<S>> S bindScope(StackScope scope, S statement) {
    Collection<String> slugs =
        switch (scope) {
          case StackScope.All() -> List.of();
          case StackScope.Only(var some) -> some;
        };
    return statement
        .bindArray("slugs", String.class, slugs)
        .bind("allStacks", scope instanceof StackScope.All);
  }

  private <V> UnnestParameters<T> column(
      String name, Function<T, @Nullable V> value, Encoder<V> encoder) {
    List<@Nullable V> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(value.apply(row)));
    arrays.put(
        name,
        (position, statement, ignored) ->
            statement.setArray(position, encoder.encode(statement.getConnection(), values)));
    return this;
  }

  private interface Encoder<V> {
    Array encode(Connection connection, List<@Nullable V> values) throws SQLException;
  }

  private static <V> Encoder<V> encoder(String type, IntFunction<@Nullable V[]> array) {
    return (connection, values) -> connection.createArrayOf(type, values.toArray(array));
  }

  private static @Nullable String literal(@Nullable List<String> texts) {
    return texts == null
        ? null
        : texts.stream()
            .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
            .collect(Collectors.joining(",", "{", "}"));
  }

  /// Arrays of ids and instants in PostgreSQL's binary format. The driver sends these two types as
  /// text, which costs formatting, escaping and parsing of each value.
  ///
  /// The format is that of PostgreSQL's `array_send`: number of dimensions, whether there are
  /// nulls, type of the elements; for each dimension its size and lower bound; for each element its
  /// length (-1 for null) and its bytes. All numbers are in network byte order.
  private static final class BinaryArrays {
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
      ByteBuffer buffer =
          ByteBuffer.allocate(HEADER_BYTES + values.size() * (Integer.BYTES + width));
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
}
