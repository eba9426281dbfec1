package dev.runhook.persistence.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/// A transaction that a host has begun and will end.
public final class JoinedTransaction {
  private final Connection connection;
  private final Handle handle;

  private JoinedTransaction(Connection connection, Handle handle) {
    this.connection = connection;
    this.handle = handle;
  }

  /// @throws IllegalStateException if the connection is closed or commits automatically
  public static JoinedTransaction on(Connection connection) {
    try {
      if (connection.isClosed() || connection.getAutoCommit()) {
        throw new IllegalStateException(
            "the connection has no transaction to join; call setAutoCommit(false) first");
      }
      // A Jdbi for one connection never closes it, and ignores the configuration of the host's
      // Jdbi.
      Handle handle = JdbiConfig.configure(Jdbi.create(connection)).open();
      // The server opens the transaction with the first statement, so that hasEnded() can see it.
      handle.execute("select 1");
      return new JoinedTransaction(connection, handle);
    } catch (SQLException e) {
      throw SqlErrors.translate("joining a transaction", e);
    }
  }

  public Handle handle() {
    return handle;
  }

  /// Whether the host has ended the transaction. The driver knows without a round trip.
  public boolean hasEnded() {
    try {
      return connection.isClosed()
          || connection.getAutoCommit()
          || connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    } catch (SQLException _) {
      return true;
    }
  }
}
