package dev.runhook.persistence.jdbi;

import dev.runhook.persistence.secret.SecretCipher;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/// What the stores of one unit share: its connection while it is good, and the keys that it has
/// come to know.
public final class TransactionScope {
  /// Has a statement planned anew each time. The queue is empty most of the day, and a plan made
  /// then and kept would read all of it under a burst.
  private static final StatementCustomizer PLANNED_ANEW =
      new StatementCustomizer() {
        @Override
        public void beforeExecution(PreparedStatement statement, StatementContext context)
            throws SQLException {
          statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
      };

  private final Handle handle;
  private final Lifetime lifetime;
  private final SecretCipher cipher;
  private final RowIds rowIds = new RowIds(this);
  private @Nullable Instant now;

  public TransactionScope(Handle handle, Lifetime life, SecretCipher cipher) {
    this.handle = handle;
    this.lifetime = life;
    this.cipher = cipher;
  }

  /// Whether a transaction is still the one that it was.
  public interface Lifetime {
    boolean isEnded();
  }

  /// How secrets are kept.
  public SecretCipher cipher() {
    return cipher;
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

  /// A query on the queue.
  public Query unpreparedQuery(String sql) {
    return query(sql).addCustomizer(PLANNED_ANEW);
  }

  /// An update of the queue.
  public Update unpreparedUpdate(String sql) {
    return update(sql).addCustomizer(PLANNED_ANEW);
  }

  public Instant now() {
    Handle good = handle();
    Instant known = now;
    if (known == null) {
      known =
          good.createQuery("select now() as moment")
              .map((row, _) -> Timestamps.read(row, "moment"))
              .one();
      now = known;
    }
    return known;
  }

  /// The connection, or an [IllegalStateException] where the unit has ended.
  public Handle handle() {
    if (lifetime.isEnded()) {
      throw new IllegalStateException("the unit of work has ended with its transaction");
    }
    return handle;
  }
}
