package dev.runhook.spring.test;

import dev.runhook.application.run.HostTransactions;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.memory.InMemoryTransaction;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Includes what the journal records in the Spring transaction of the calling thread, if the
/// transaction uses the application's data source, as a real store does. In an application without
/// a data source, every transaction counts. Refuses what PostgreSQL refuses.
final class InMemorySpringTransactions implements HostTransactions {
  private final InMemoryTransactor store;
  private final ObjectProvider<DataSource> dataSource;
  private final Runnable send;

  /// @param send sends what is due
  InMemorySpringTransactions(
      InMemoryTransactor store, ObjectProvider<DataSource> dataSource, Runnable send) {
    this.store = store;
    this.dataSource = dataSource;
    this.send = send;
  }

  @Override
  public Optional<UnitOfWork> current() {
    if (!TransactionSynchronizationManager.isActualTransactionActive() || !usesDataSource()) {
      return Optional.empty();
    }
    return joined().findFirst().orElseGet(this::join).unit();
  }

  @Override
  public void afterCommit(Runnable action) {
    joined().forEach(transaction -> transaction.actions.add(action));
  }

  private static Stream<JoinedTransaction> joined() {
    return TransactionSynchronizationManager.getSynchronizations().stream()
        .filter(JoinedTransaction.class::isInstance)
        .map(JoinedTransaction.class::cast);
  }

  private boolean usesDataSource() {
    DataSource database = dataSource.getIfUnique();
    return database == null || TransactionSynchronizationManager.hasResource(database);
  }

  private JoinedTransaction join() {
    Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
    if (isolation != null && isolation != TransactionDefinition.ISOLATION_READ_COMMITTED) {
      throw new IllegalStateException(
          "the transaction to join has another isolation level; begin it at READ COMMITTED");
    }
    if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
      throw new IllegalStateException("the transaction to join is read-only");
    }
    JoinedTransaction joined = new JoinedTransaction(store.begin(), send);
    TransactionSynchronizationManager.registerSynchronization(joined);
    return joined;
  }

  /// Ends a transaction of the store together with the Spring transaction.
  private static final class JoinedTransaction implements TransactionSynchronization {
    private final InMemoryTransaction transaction;
    private final Runnable beginning;
    private final Map<Object, Runnable> savepoints = new HashMap<>();

    /// Run after the commit.
    private final List<Runnable> actions = new ArrayList<>();

    private boolean committed;

    JoinedTransaction(InMemoryTransaction transaction, Runnable send) {
      this.transaction = transaction;
      this.beginning = transaction.savepoint();
      actions.add(send);
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
      actions.forEach(Runnable::run);
    }

    @Override
    public void afterCompletion(int status) {
      transaction.rollback(); // has no effect after a commit
    }
  }
}
