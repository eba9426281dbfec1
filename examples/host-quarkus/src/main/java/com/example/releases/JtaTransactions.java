package com.example.releases;

import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/// The JTA transaction of the calling thread.
final class JtaTransactions {
  private final TransactionManager transactions;
  private final DataSource dataSource;

  JtaTransactions(TransactionManager transactions, DataSource dataSource) {
    this.transactions = transactions;
    this.dataSource = dataSource;
  }

  Optional<Connection> findConnection() {
    try {
      Transaction transaction = transactions.getTransaction();
      if (transaction == null) {
        return Optional.empty();
      }
      Connection connection = dataSource.getConnection(); // that of the transaction
      transaction.registerSynchronization(new Closing(connection));
      return Optional.of(connection);
    } catch (SystemException | RollbackException | SQLException e) {
      throw new IllegalStateException("cannot join the transaction", e);
    }
  }

  void afterCommit(Runnable action) {
    try {
      transactions.getTransaction().registerSynchronization(new AfterCommit(action));
    } catch (SystemException | RollbackException e) {
      throw new IllegalStateException("cannot join the transaction", e);
    }
  }

  private record Closing(Connection connection) implements Synchronization {
    @Override
    public void beforeCompletion() {
      try {
        connection.close(); // otherwise the pool logs a warning
      } catch (SQLException e) {
        throw new IllegalStateException("cannot close the connection", e);
      }
    }

    @Override
    public void afterCompletion(int status) {}
  }

  private record AfterCommit(Runnable action) implements Synchronization {
    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        action.run();
      }
    }
  }
}
