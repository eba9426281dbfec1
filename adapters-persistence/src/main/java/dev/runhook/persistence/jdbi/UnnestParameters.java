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
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
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
}
