package dev.runhook.testkit.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/// A migrated database. Tests get copies, because a copy costs a fraction of a migration, and
/// emptying a used copy costs a fraction of a new one. Keep a template in a static field.
/// Thread-safe.
public final class TemplateDatabase {
  private static final String EMPTY_TABLES =
      """
      select format('%I.%I', n.nspname, c.relname)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition
        and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
        and (xpath('/row/c/text()', query_to_xml(
          format('select count(*) as c from %I.%I', n.nspname, c.relname), false, true, ''))
        )[1]::text = '0'
      order by 1
      """;

  private final String name;
  private final String delete;
  private final Deque<TestDatabase> free = new ArrayDeque<>();

  private TemplateDatabase(String name, String delete) {
    this.name = name;
    this.delete = delete;
  }

  /// @param migration creates the tables
  public static TemplateDatabase migrated(Consumer<DataSource> migration) {
    try (TestDatabase database = TestDatabase.empty()) {
      migration.accept(database.pool());
      return new TemplateDatabase(database.name(), deleteFrom(emptyTables(database.pool())));
    }
  }

  private static List<String> emptyTables(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(EMPTY_TABLES)) {
      List<String> tables = new ArrayList<>();
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
      return tables;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot list the tables", e);
    }
  }

  /// Statements that run as one transaction and ignore foreign keys.
  private static String deleteFrom(List<String> tables) {
    StringBuilder sql = new StringBuilder("set local session_replication_role = replica;");
    tables.forEach(table -> sql.append("delete from ").append(table).append(';'));
    return sql.toString();
  }

  /// Returns a new copy, whose tables the caller may change.
  public TestDatabase copy() {
    return TestDatabase.copyOf(name);
  }

  /// Returns an unused database. The caller gives it back with [#recycle] and does not change its
  /// tables.
  public synchronized TestDatabase take() {
    TestDatabase database = free.poll();
    return database == null ? copy() : database;
  }

  /// Deletes all rows that the migration did not write, and keeps the database for [#take].
  public void recycle(TestDatabase used) {
    used.execute(delete);
    synchronized (this) {
      free.push(used);
    }
  }
}
