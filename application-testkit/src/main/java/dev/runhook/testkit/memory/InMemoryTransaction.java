package dev.runhook.testkit.memory;

import dev.runhook.application.spi.UnitOfWork;
import java.time.Instant;

/// A transaction of an [InMemoryTransactor] that the caller commits or rolls back, as a host does
/// with its own. Others can commit during the transaction, and it sees their changes. Without
/// [RowLocks], it fails where a real store would wait for another transaction. Not thread-safe.
public final class InMemoryTransaction {
  private final InMemoryTransactor store;
  private final InMemoryUnitOfWork unit;

  /// The state of the store that the unit has seen.
  private InMemoryDatabase seen;

  InMemoryTransaction(
      InMemoryTransactor store, InMemoryDatabase seen, Instant now, RowLocks locks) {
    this.store = store;
    this.seen = seen;
    this.unit =
        new InMemoryUnitOfWork(
            seen.copy(),
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
    InMemoryDatabase savedSeen = seen;
    InMemoryDatabase saved = unit.database().copy();
    return () -> {
      seen = savedSeen;
      unit.database().restore(saved);
    };
  }

  /// @throws IllegalStateException if another transaction has changed a row that this one changed;
  ///   then, this one is rolled back
  public void commit() {
    try {
      store.replace(committed -> {
        InMemoryDatabase database = rebase(committed);
        database.commit();
        return database;
      });
    } finally {
      unit.end();
    }
  }

  public void rollback() {
    unit.end();
  }

  private InMemoryDatabase rebase(InMemoryDatabase committed) {
    if (committed != seen) {
      unit.database().rebase(committed);
      seen = committed;
    }
    return unit.database();
  }

  /// The locks of a transaction that is open at the same time as others. A row is identified by its
  /// id, and a lane by its key. The caller releases them when it has ended the transaction.
  public interface RowLocks {
    /// Locks the row, or waits for the transaction that has locked it, whose changes are then
    /// visible.
    void lock(Object row);

    /// Locks the row unless another transaction has locked it.
    ///
    /// @return whether this transaction has locked the row
    boolean tryLock(Object row);

    /// Returns the locks of a transaction that runs alone: all are free.
    static RowLocks free() {
      return new RowLocks() {
        @Override
        public void lock(Object row) {}

        @Override
        public boolean tryLock(Object row) {
          return true;
        }
      };
    }
  }
}
