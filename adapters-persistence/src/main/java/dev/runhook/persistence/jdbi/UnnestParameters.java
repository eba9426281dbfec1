package dev.runhook.persistence.jdbi;

import dev.runhook.domain.account.StackScope;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

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
    return binary(name, value, BinaryArrays::uuids);
  }

  public UnnestParameters<T> texts(String name, Function<T, @Nullable String> value) {
    return column(name, "text", String[]::new, value);
  }

  public UnnestParameters<T> longs(String name, Function<T, @Nullable Long> value) {
    return column(name, "int8", Long[]::new, value);
  }

  public UnnestParameters<T> booleans(String name, Function<T, @Nullable Boolean> value) {
    return column(name, "bool", Boolean[]::new, value);
  }

  public UnnestParameters<T> instants(String name, Function<T, @Nullable Instant> value) {
    return binary(name, value, BinaryArrays::instants);
  }

  public UnnestParameters<T> bytes(String name, Function<T, byte @Nullable []> value) {
    return column(name, "bytea", byte[][]::new, value);
  }

  /// An array of texts for each row. `unnest` would flatten nested arrays, so each row is an array
  /// literal that the statement must cast to `text[]`.
  public UnnestParameters<T> textArrays(String name, Function<T, @Nullable List<String>> value) {
    return column(name, "text", String[]::new, row -> literal(value.apply(row)));
  }

  public <S extends SqlStatement<S>> S bindTo(S statement) {
    arrays.forEach(statement::bind);
    return statement;
  }

  /// Binds the parameters of a condition such as `(:allStacks or slug = any (:slugs))`.
  public static <S extends SqlStatement<S>> S bindScope(StackScope scope, S statement) {
    Collection<String> slugs =
        switch (scope) {
          case StackScope.All() -> List.of();
          case StackScope.Only(var some) -> some;
        };
    return of(slugs)
        .texts("slugs", slug -> slug)
        .bindTo(statement)
        .bind("allStacks", scope instanceof StackScope.All);
  }

  private <V> UnnestParameters<T> column(
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

  private <V> UnnestParameters<T> binary(
      String name, Function<T, @Nullable V> value, Encoder<V> encoder) {
    List<@Nullable V> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(value.apply(row)));
    arrays.put(
        name,
        (position, statement, _) ->
            statement.setArray(position, encoder.encode(statement.getConnection(), values)));
    return this;
  }

  private interface Encoder<V> {
    Array encode(Connection connection, List<@Nullable V> values) throws SQLException;
  }

  private static @Nullable String literal(@Nullable List<String> texts) {
    if (texts == null) {
      return null;
    }
    StringJoiner literal = new StringJoiner(",", "{", "}");
    for (String text : texts) {
      literal.add('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return literal.toString();
  }
}
