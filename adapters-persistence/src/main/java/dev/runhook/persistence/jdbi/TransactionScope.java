package dev.runhook.persistence.jdbi;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/// The transaction that the stores of one unit of work share. Every method throws an
/// [IllegalStateException] after the transaction has ended. Not thread-safe.
public final class TransactionScope {
  private static final StatementCustomizer UNPREPARED =
      new StatementCustomizer() {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context)
            throws SQLException {
          statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
      };

  private final Handle handle;
  private final BooleanSupplier ended;
  private final RowIds rowIds = new RowIds(this::query);
  private @Nullable Instant now;

  /// @param ended whether the transaction has ended
  public TransactionScope(Handle handle, BooleanSupplier ended) {
    this.handle = handle;
    this.ended = ended;
  }

  public RowIds rowIds() {
    return rowIds;
  }

  public Query query(String sql) {
    return handle().createQuery(sql);
  }

  public Update update(String sql) {
    return handle().createUpdate(sql);
  }

  /// A query that PostgreSQL plans at each execution. Use it for the delivery queue: the queue is
  /// usually empty, and a plan that was cached at such a time would scan the whole table under
  /// load.
  public Query unpreparedQuery(String sql) {
    return query(sql).addCustomizer(UNPREPARED);
  }

  /// An update that PostgreSQL plans at each execution, like [#unpreparedQuery].
  public Update unpreparedUpdate(String sql) {
    return update(sql).addCustomizer(UNPREPARED);
  }

  /// Makes later queries of the transaction read from indexes in their order, and stop at a limit.
  /// With statistics of an empty queue, PostgreSQL would read all that matches and sort it.
  public void readInOrder() {
    handle().execute("set local enable_bitmapscan = off");
  }

  /// The start of the transaction by the database clock.
  public Instant now() {
    Handle open = handle();
    if (now == null) {
      now = open.createQuery("select now()").mapTo(Instant.class).one();
    }
    return now;
  }

  /// Whether statements must do without what Citus rejects.
  public boolean isOnCitus() {
    return handle().getConfig(CitusDetection.class).isInstalled(handle());
  }

  /// Locks a name of the schema until the transaction ends.
  public void lock(String name) {
    handle()
        .execute("select pg_advisory_xact_lock(hashtextextended('runhook' || ' ' || ?, 0))", name);
  }

  public Handle handle() {
    if (ended.getAsBoolean()) {
      throw new IllegalStateException("the unit of work has ended with its transaction");
    }
    return handle;
  }
}
