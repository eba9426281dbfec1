package dev.runhook.testkit.memory;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store in memory that keeps the contract of the real one: work gets a copy of all tables, which
/// takes their place only if the work returns. One unit at a time, whoever comes meanwhile waits.
/// Thread-safe; meant for tests, where there is little to copy.
public final class InMemoryTransactor implements Transactor {
  private final ReentrantLock lock = new ReentrantLock(true);
  private final InstantSource clock;
  private InMemoryDatabase inMemoryDatabase = new InMemoryDatabase();

  /// @param clock the store's
  public InMemoryTransactor(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    if (isInTransaction()) {
      throw new IllegalStateException(
          "a transaction is open on this thread; a real store could wait for itself here");
    }
    lock.lock();
    try {
      return keepingWhatItDid(work);
    } finally {
      lock.unlock();
    }
  }

  private <T extends @Nullable Object> T keepingWhatItDid(Function<UnitOfWork, T> work) {
    InMemoryDatabase copy = inMemoryDatabase.copy();
    InMemoryUnitOfWork unit = new InMemoryUnitOfWork(copy, clock.instant());
    try {
      T result = work.apply(unit);
      inMemoryDatabase = copy;
      return result;
    } finally {
      unit.end();
    }
  }

  /// Whether the calling thread is within a transaction of this store.
  public boolean isInTransaction() {
    return lock.isHeldByCurrentThread();
  }
}
