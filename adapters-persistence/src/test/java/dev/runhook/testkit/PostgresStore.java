package dev.runhook.testkit;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.testkit.postgres.TemplateDatabase;
import dev.runhook.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// An empty PostgreSQL store whose clock a test sets. Its statements call a function `now()` of the
/// schema `clock`, which precedes the built-in one in their search path. Close it after the test.
public final class PostgresStore implements Transactor, AutoCloseable {
  private static final String CREATE_CLOCK =
      """
      create schema clock;
      create function clock.now() returns timestamptz stable
        return current_setting('clock.now')::timestamptz;
      do $$
      declare
        c record;
      begin
        for c in select * from information_schema.columns where column_default = 'now()' loop
          execute format('alter table %I.%I alter column %I set default clock.now()',
            c.table_schema, c.table_name, c.column_name);
        end loop;
      end
      $$;
      """;

  private static final TemplateDatabase TEMPLATE =
      TemplateDatabase.migrated(PostgresStore::createTables);

  public final SettableClock clock;
  private final ThreadLocal<Boolean> inTransaction = ThreadLocal.withInitial(() -> false);
  private final TestDatabase database = TEMPLATE.take();
  private final Transactor transactor = new JdbiTransactor(Jdbi.create(this::connect));

  public PostgresStore() {
    this(SettableClock.atNoon());
  }

  public PostgresStore(SettableClock clock) {
    this.clock = clock;
  }

  private static void createTables(DataSource empty) {
    new Schema(empty).migrate();
    try (Connection connection = empty.getConnection()) {
      execute(connection, CREATE_CLOCK);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the clock", e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = database.pool().getConnection();
    execute(
        connection,
        "set search_path = clock, pg_catalog; set clock.now = '" + clock.instant() + "'");
    return connection;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    inTransaction.set(true);
    try {
      return transactor.<T>inTransaction(work);
    } finally {
      inTransaction.set(false);
    }
  }

  /// Returns whether the calling thread is inside a transaction of this store.
  public boolean isInTransaction() {
    return inTransaction.get();
  }

  /// Changes rows behind the back of the use cases.
  public void execute(String sql) {
    database.execute(sql);
  }

  @Override
  public void close() {
    TEMPLATE.recycle(database);
  }
}
