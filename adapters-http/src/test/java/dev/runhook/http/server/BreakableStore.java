package dev.runhook.http.server;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets a test make all buckets of a store fail.
public final class BreakableStore {
  public final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  /// The thread of the last transaction.
  public final AtomicReference<@Nullable Thread> lastThread = new AtomicReference<>();

  Transactor breakable(Transactor whole) {
    return new Transactor() {
      @Override
      public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
        RuntimeException broken = failure.get();
        if (broken != null) {
          throw broken;
        }
        lastThread.set(Thread.currentThread());
        return whole.<T>inTransaction(work);
      }
    };
  }
}
