package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/// Copies all rows of the schema of a bucket, and the positions of its sequences, to a schema with
/// the same tables in another database.
///
/// @param from reads the schema in a transaction with one snapshot
/// @param to writes to [BucketSchema#copy] in a transaction
/// @param tables as [#columnsByTable] returns them for both
record SchemaCopy(Handle from, Handle to, BucketSchema schema, Map<String, String> tables) {
  /// Returns the columns of each table, as a list for statements, without generated ones.
  static Map<String, String> columnsByTable(Handle handle) {
    return new TreeMap<>(
        handle
            .createQuery(
                """
                select quote_ident(c.relname) as name,
                  string_agg(quote_ident(a.attname), ', ' order by a.attname) as columns
                from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = 'runhook'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                  and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                group by c.relname order by c.relname
                """)
            .setMapKeyColumn("name")
            .setMapValueColumn("columns")
            .collectInto(new GenericType<Map<String, String>>() {}));
  }

  static String list(Map<String, String> tables) {
    return tables.keySet().stream().map("runhook."::concat).collect(Collectors.joining(", "));
  }

  /// Replaces the rows that the migrations have written. Adds the foreign keys again afterwards, so
  /// that the order of the tables does not matter.
  ///
  /// @throws UnusableDatabaseException if the other database does not accept a row
  void run(BiConsumer<String, Long> progress) {
    to.execute("truncate " + list(tables));
    withoutForeignKeys(
        () -> tables.forEach((table, columns) -> progress.accept(table, copy(table, columns))));
    copySequences();
  }

  /// Copies the rows of a table and of its partitions. Returns their number.
  private long copy(String table, String columns) {
    String read =
        "copy (select %s from %s.%s) to stdout (format binary)"
            .formatted(columns, schema.name(), table);
    String write =
        "copy %s.%s (%s) from stdin (format binary)"
            .formatted(schema.copy().name(), table, columns);
    long copied;
    try (PGCopyInputStream rows = new PGCopyInputStream(connection(from), read)) {
      connection(to).getCopyAPI().copyIn(write, rows);
      copied = rows.getHandledRowCount();
    } catch (IOException | SQLException e) {
      throw new UnusableDatabaseException(
          "cannot copy the table %s: %s".formatted(table, SqlErrors.findMessage(e).orElse("")), e);
    }
    to.execute("analyze runhook." + table);
    long found = to.createQuery("select count(*) from runhook." + table).mapTo(Long.class).one();
    if (found != copied) {
      throw new UnusableDatabaseException(
          "the copy of the table %s has %d rows instead of %d".formatted(table, found, copied));
    }
    return copied;
  }

  private void withoutForeignKeys(Runnable work) {
    List<Map<String, Object>> keys =
        to.createQuery(
                """
                select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as key
                from pg_constraint
                where connamespace = 'runhook'::regnamespace and contype = 'f' and conparentid = 0
                order by conname
                """)
            .mapToMap()
            .list();
    keys.forEach(key ->
        to.execute(
            "alter table %s drop constraint %s".formatted(key.get("table"), key.get("name"))));
    work.run();
    keys.forEach(key ->
        to.execute(
            "alter table %s add constraint %s %s"
                .formatted(key.get("table"), key.get("name"), key.get("key"))));
  }

  /// A sequence that was never used is left as it was created.
  private void copySequences() {
    from.createQuery(
            """
            select quote_ident(sequencename) as name, last_value from pg_sequences
            where schemaname = 'runhook' and last_value is not null order by sequencename
            """)
        .mapToMap()
        .forEach(sequence ->
            to.execute(
                "select setval('runhook.%s', ?)".formatted(sequence.get("name")),
                sequence.get("last_value")));
  }

  private static PGConnection connection(Handle handle) throws SQLException {
    return handle.getConnection().unwrap(PGConnection.class);
  }
}
