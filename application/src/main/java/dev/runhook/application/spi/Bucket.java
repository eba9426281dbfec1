package dev.runhook.application.spi;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store with everything that belongs to its stacks, and the transactions of that store.
/// [BucketRouter] finds the bucket of a stack. Thread-safe.
public interface Bucket {
  /// Runs the work in a new transaction and commits it. If the work throws, the transaction is
  /// rolled back and the exception is rethrown. The store may run the work again after a conflict.
  ///
  /// The unit of work is valid until this method returns. Transactions do not nest: a call inside
  /// the work opens a second, independent transaction.
  ///
  /// @throws dev.runhook.application.spi.StoreUnavailableException if the store is unavailable; the
  ///   transaction may or may not be committed
  <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work);

  /// Runs work without a result in a new transaction, in the same way.
  default void run(Consumer<UnitOfWork> work) {
    this.<@Nullable Void>inTransaction(unit -> {
      work.accept(unit);
      return null;
    });
  }

  /// Runs work that only reads. All of its reads see the same snapshot of the store, so that what
  /// it reads in several steps belongs together. The default is for stores whose transactions are
  /// always snapshots.
  default <T extends @Nullable Object> T inSnapshot(Function<UnitOfWork, T> work) {
    return this.<T>inTransaction(work);
  }

  /// Returns the number of the bucket. The home bucket has 0.
  default int number() {
    return 0;
  }

  /// Returns the bucket that stands for its server: the same one for all buckets whose transactions
  /// compete for that server, so that they are better run one after the other than at the same
  /// time.
  default Bucket server() {
    return this;
  }
}
