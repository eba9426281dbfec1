package dev.runhook.testkit.memory;

import dev.runhook.application.spi.UnitOfWork;
import java.time.Instant;

/// A transaction of an [InMemoryTransactor] that the caller commits or rolls back, as a host does
/// with its own. Others can commit during the transaction, and it sees their changes. Without
/// [RowLocks], it fails where a real store would wait for another transaction. Not thread-safe.
public final class InMemoryTransaction {
  private final InMemoryTransactor store;
  private final InMemoryUnitOfWork unit;

  /// The state of the store that the copy of the unit was made of.
  private InMemoryDatabase base;

  InMemoryTransaction(
      InMemoryTransactor store, InMemoryDatabase base, Instant now, RowLocks locks) {
    this.store = store;
    this.base = base;
    this.unit =
        new InMemoryUnitOfWork(
            base.copy(),
            now,
            new RowLocks() {
              @Override
              public void lock(Object row) {
                locks.lock(row);
                unit();
              }

              @Override
              public boolean tryLock(Object row) {
                return locks.tryLock(row);
              }
            });
  }

  /// Returns the unit of work, which is valid until this transaction ends. It sees what others have
  /// committed before this call.
  ///
  /// @throws IllegalStateException if another transaction has changed a row that this one changed
  public UnitOfWork unit() {
    rebase(store.committed());
    return unit;
  }

  /// Returns what undoes all changes that this transaction makes after this call.
  public Runnable savepoint() {
    InMemoryDatabase savedBase = base;
    InMemoryDatabase saved = unit.database().copy();
    return () -> {
      base = savedBase;
      unit.use(saved.copy());
    };
  }

  /// @throws IllegalStateException if another transaction has changed a row that this one changed;
  ///   then, this one is rolled back
  public void commit() {
    try {
      store.replace(this::rebase);
    } finally {
      unit.end();
    }
  }

  public void rollback() {
    unit.end();
  }

  private InMemoryDatabase rebase(InMemoryDatabase committed) {
    if (committed == base) {
      return unit.database();
    }
    InMemoryDatabase copy = committed.copy();
    copy.apply(base, unit.database());
    base = committed;
    unit.use(copy);
    return copy;
  }
}
