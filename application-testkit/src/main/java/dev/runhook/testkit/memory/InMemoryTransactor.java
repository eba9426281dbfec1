package dev.runhook.testkit.memory;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.memory.InMemoryTransaction.RowLocks;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An in-memory store for the path of an event, where it meets the contracts of the real one
/// (`StoresContract`). Each unit of work changes a copy of the database, which replaces the
/// original when the work returns. Units of work run one at a time, except those of [#begin].
/// Thread-safe. Because changed tables are copied and searched as a whole, it is meant for small
/// amounts of data.
///
/// It lists stacks, webhooks, the transitions of a run, and deliveries by scope and status. It
/// accepts audit events and does not keep them. What it does not have throws
/// [UnsupportedOperationException]: lists of runs, other filters, replays, statistics, tokens,
/// sessions and idempotency keys.
public final class InMemoryTransactor implements Transactor {
  private final ReentrantLock lock = new ReentrantLock(true);
  private final InstantSource clock;
  private InMemoryDatabase inMemoryDatabase = new InMemoryDatabase();

  /// @param clock the clock of the store
  public InMemoryTransactor(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    lock();
    try {
      return commit(work);
    } finally {
      lock.unlock();
    }
  }

  private void lock() {
    if (isInTransaction()) {
      throw new IllegalStateException(
          "this thread already has an open transaction; a real store could deadlock here");
    }
    lock.lock();
  }

  private <T extends @Nullable Object> T commit(Function<UnitOfWork, T> work) {
    InMemoryDatabase copy = inMemoryDatabase.copy();
    InMemoryUnitOfWork unit = new InMemoryUnitOfWork(copy, clock.instant(), RowLocks.free());
    try {
      T result = work.apply(unit);
      copy.commit();
      inMemoryDatabase = copy;
      return result;
    } finally {
      unit.end();
    }
  }

  /// Begins a transaction that the caller ends, such as one that a host's transaction includes.
  public InMemoryTransaction begin() {
    return begin(RowLocks.free());
  }

  /// Begins a transaction that the caller ends, and that waits for rows which others have locked.
  public InMemoryTransaction begin(RowLocks locks) {
    return new InMemoryTransaction(this, committed(), clock.instant(), locks);
  }

  InMemoryDatabase committed() {
    lock();
    try {
      return inMemoryDatabase;
    } finally {
      lock.unlock();
    }
  }

  void replace(UnaryOperator<InMemoryDatabase> change) {
    lock();
    try {
      inMemoryDatabase = change.apply(inMemoryDatabase);
    } finally {
      lock.unlock();
    }
  }

  /// Returns whether the calling thread is inside a transaction of this store.
  public boolean isInTransaction() {
    return lock.isHeldByCurrentThread();
  }
}
