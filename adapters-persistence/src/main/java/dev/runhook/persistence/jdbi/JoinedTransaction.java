package dev.runhook.persistence.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/// A host's transaction. Whether it still runs, the driver knows without asking the server.
public final class JoinedTransaction implements TransactionScope.Lifetime {
  private final Connection connection;
  private final Handle handle;

  private JoinedTransaction(Connection connection, Handle handle) {
    this.connection = connection;
    this.handle = handle;
  }

  public static JoinedTransaction on(Connection connection) {
    try {
      if (connection.isClosed() || connection.getAutoCommit()) {
        throw new IllegalStateException(
            "the connection has no transaction to join; setAutoCommit(false) first");
      }
      // Closes no connection that it did not open; and is configured as ours, whatever the host's
      // JDBI may be.
      Handle handle = JdbiConfig.configure(Jdbi.create(connection)).open();
      // From here on the server has the transaction open, even if the host has done nothing in it
      // yet.
      handle.execute("select 1");
      return new JoinedTransaction(connection, handle);
    } catch (SQLException e) {
      throw SqlErrors.translate("joining a transaction", e);
    }
  }

  public Handle handle() {
    return handle;
  }

  @Override
  public boolean isEnded() {
    try {
      return connection.isClosed()
          || connection.getAutoCommit()
          || connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    } catch (SQLException _) {
      return true;
    }
  }
}
