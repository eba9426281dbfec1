package dev.runhook.spring;

import java.sql.Connection;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The Spring transaction of the calling thread. Spring commits it or rolls it back, and releases
/// the connection.
final class SpringTransactions {
  private SpringTransactions() {}

  /// Returns the connection of the transaction, if it uses the data source.
  static Optional<Connection> findConnection(DataSource dataSource) {
    return TransactionSynchronizationManager.isActualTransactionActive()
            && TransactionSynchronizationManager.getResource(dataSource)
                instanceof ConnectionHolder holder
        ? Optional.of(holder.getConnection())
        : Optional.empty();
  }

  static void afterCommit(Runnable action) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }
}
