package dev.runhook.persistence;

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
final class Session {
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
  private final Life life;
  private final SecretCipher cipher;
  private final Keys keys = new Keys(this);
  private @Nullable Instant now;

  Session(Handle handle, Life life, SecretCipher cipher) {
    this.handle = handle;
    this.life = life;
    this.cipher = cipher;
  }

  /// Whether a transaction is still the one that it was.
  interface Life {
    boolean isOver();
  }

  /// How secrets are kept.
  SecretCipher cipher() {
    return cipher;
  }

  Keys keys() {
    return keys;
  }

  Query query(String sql) {
    return open().createQuery(sql);
  }

  Update update(String sql) {
    return open().createUpdate(sql);
  }

  /// A query on the queue.
  Query queueQuery(String sql) {
    return query(sql).addCustomizer(PLANNED_ANEW);
  }

  /// An update of the queue.
  Update queueUpdate(String sql) {
    return update(sql).addCustomizer(PLANNED_ANEW);
  }

  Instant now() {
    Handle good = open();
    Instant known = now;
    if (known == null) {
      known =
          good.createQuery("select now() as moment")
              .map((row, _) -> Moments.read(row, "moment"))
              .one();
      now = known;
    }
    return known;
  }

  /// The connection, or an [IllegalStateException] where the unit has ended.
  Handle open() {
    if (life.isOver()) {
      throw new IllegalStateException("the unit of work has ended with its transaction");
    }
    return handle;
  }
}
