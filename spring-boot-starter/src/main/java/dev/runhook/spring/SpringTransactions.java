package dev.runhook.spring;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.embedded.Runhook;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Joins the Spring transaction of the calling thread, if it uses the data source. Spring still
/// commits it or rolls it back, and releases the connection.
final class SpringTransactions implements Supplier<Optional<UnitOfWork>> {
  private final DataSource dataSource;
  private final Supplier<Runhook> runhook;

  /// @param runhook joins the transaction, and is woken after its commit
  SpringTransactions(DataSource dataSource, Supplier<Runhook> runhook) {
    this.dataSource = dataSource;
    this.runhook = runhook;
  }

  @Override
  public Optional<UnitOfWork> get() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !(TransactionSynchronizationManager.getResource(dataSource)
            instanceof ConnectionHolder connection)) {
      return Optional.empty();
    }
    UnitOfWork unit = runhook.get().joining(connection.getConnection());
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            runhook.get().wake();
          }
        });
    return Optional.of(unit);
  }
}
