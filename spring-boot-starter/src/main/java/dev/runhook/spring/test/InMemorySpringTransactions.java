package dev.runhook.spring.test;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.memory.InMemoryTransaction;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Includes what the journal records in the Spring transaction of the calling thread, if the
/// transaction uses the application's data source, as a real store does. In an application without
/// a data source, every transaction counts.
final class InMemorySpringTransactions implements Supplier<Optional<UnitOfWork>> {
  private final InMemoryTransactor store;
  private final ObjectProvider<DataSource> dataSource;
  private final Runnable afterCommit;

  /// @param afterCommit runs after the commit of a transaction that was joined
  InMemorySpringTransactions(
      InMemoryTransactor store, ObjectProvider<DataSource> dataSource, Runnable afterCommit) {
    this.store = store;
    this.dataSource = dataSource;
    this.afterCommit = afterCommit;
  }

  @Override
  public Optional<UnitOfWork> get() {
    if (!TransactionSynchronizationManager.isActualTransactionActive() || !usesDataSource()) {
      return Optional.empty();
    }
    return TransactionSynchronizationManager.getSynchronizations().stream()
        .filter(JoinedTransaction.class::isInstance)
        .map(JoinedTransaction.class::cast)
        .findFirst()
        .orElseGet(this::join)
        .unit();
  }

  private boolean usesDataSource() {
    DataSource database = dataSource.getIfUnique();
    return database == null || TransactionSynchronizationManager.hasResource(database);
  }

  private JoinedTransaction join() {
    JoinedTransaction joined = new JoinedTransaction(store.begin(), afterCommit);
    TransactionSynchronizationManager.registerSynchronization(joined);
    return joined;
  }

  /// Ends a transaction of the store together with the Spring transaction.
  private static final class JoinedTransaction implements TransactionSynchronization {
    private final InMemoryTransaction transaction;
    private final Runnable afterCommit;
    private final Runnable beginning;
    private final Map<Object, Runnable> savepoints = new HashMap<>();
    private boolean committed;

    JoinedTransaction(InMemoryTransaction transaction, Runnable afterCommit) {
      this.transaction = transaction;
      this.afterCommit = afterCommit;
      this.beginning = transaction.savepoint();
    }

    /// Returns empty after the commit, while the other synchronizations run.
    Optional<UnitOfWork> unit() {
      return committed ? Optional.empty() : Optional.of(transaction.unit());
    }

    @Override
    public void savepoint(Object savepoint) {
      savepoints.put(savepoint, transaction.savepoint());
    }

    /// A savepoint from before the join is not known here. It undoes everything.
    @Override
    public void savepointRollback(Object savepoint) {
      savepoints.getOrDefault(savepoint, beginning).run();
    }

    @Override
    public void afterCommit() {
      committed = true;
      transaction.commit();
      afterCommit.run();
    }

    @Override
    public void afterCompletion(int status) {
      transaction.rollback(); // has no effect after a commit
    }
  }
}
