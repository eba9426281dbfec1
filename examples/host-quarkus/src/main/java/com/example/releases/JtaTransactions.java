package com.example.releases;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.JdbiUnitOfWork;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/// Joins the JTA transaction of the calling thread.
final class JtaTransactions implements Supplier<Optional<UnitOfWork>> {
  private final TransactionManager transactions;
  private final DataSource dataSource;
  private final Runnable afterCommit;

  JtaTransactions(TransactionManager transactions, DataSource dataSource, Runnable afterCommit) {
    this.transactions = transactions;
    this.dataSource = dataSource;
    this.afterCommit = afterCommit;
  }

  @Override
  public Optional<UnitOfWork> get() {
    try {
      Transaction transaction = transactions.getTransaction();
      if (transaction == null) {
        return Optional.empty();
      }
      Connection connection = dataSource.getConnection(); // that of the transaction
      transaction.registerSynchronization(new CloseAndWake(connection));
      return Optional.of(JdbiUnitOfWork.joining(connection));
    } catch (SystemException | RollbackException | SQLException e) {
      throw new IllegalStateException("cannot join the transaction", e);
    }
  }

  private final class CloseAndWake implements Synchronization {
    private final Connection connection;

    CloseAndWake(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void beforeCompletion() {
      try {
        connection.close(); // otherwise the pool logs a warning
      } catch (SQLException e) {
        throw new IllegalStateException("cannot close the connection", e);
      }
    }

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        afterCommit.run();
      }
    }
  }
}
