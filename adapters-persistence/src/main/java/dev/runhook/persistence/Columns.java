package dev.runhook.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// Many values as one array per column, for `unnest`: so that a batch costs one statement, however
/// large it is.
final class Columns<T> {
  private final List<T> rows;
  private final Map<String, Argument> arrays = new LinkedHashMap<>();

  private Columns(List<T> rows) {
    this.rows = rows;
  }

  static <T> Columns<T> of(Collection<T> rows) {
    return new Columns<>(List.copyOf(rows));
  }

  Columns<T> uuids(String name, Function<T, @Nullable UUID> value) {
    return column(name, "uuid", String[]::new, row -> text(value.apply(row)));
  }

  Columns<T> texts(String name, Function<T, @Nullable String> value) {
    return column(name, "text", String[]::new, value);
  }

  Columns<T> longs(String name, Function<T, @Nullable Long> value) {
    return column(name, "int8", Long[]::new, value);
  }

  Columns<T> booleans(String name, Function<T, @Nullable Boolean> value) {
    return column(name, "bool", Boolean[]::new, value);
  }

  Columns<T> instants(String name, Function<T, @Nullable Instant> value) {
    return column(name, "timestamptz", String[]::new, row -> Moments.text(value.apply(row)));
  }

  Columns<T> bytes(String name, Function<T, byte @Nullable []> value) {
    return column(name, "bytea", byte[][]::new, value);
  }

  /// An array of texts in each row. `unnest` would flatten them, so they go as literals, to be cast
  /// to `text[]`.
  Columns<T> textArrays(String name, Function<T, @Nullable List<String>> value) {
    arrays.put(
        name,
        (position, statement, _) -> {
          Connection connection = statement.getConnection();
          @Nullable String[] literals = new String[rows.size()];
          for (int i = 0; i < literals.length; i++) {
            literals[i] = literal(connection, value.apply(rows.get(i)));
          }
          statement.setArray(position, connection.createArrayOf("text", literals));
        });
    return this;
  }

  <S extends SqlStatement<S>> S bindTo(S statement) {
    arrays.forEach(statement::bind);
    return statement;
  }

  private <V> Columns<T> column(
      String name, String type, IntFunction<@Nullable V[]> array, Function<T, @Nullable V> value) {
    @Nullable V[] values = array.apply(rows.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
    }
    arrays.put(
        name,
        (position, statement, _) ->
            statement.setArray(position, statement.getConnection().createArrayOf(type, values)));
    return this;
  }

  private static @Nullable String text(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }

  private static @Nullable String literal(Connection connection, @Nullable List<String> texts)
      throws SQLException {
    return texts == null
        ? null
        : connection.createArrayOf("text", texts.toArray(String[]::new)).toString();
  }
}
