package dev.runhook.application.spi;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs work in a transaction of its own.
public interface Transactor {
  /// Runs the work and keeps what it did, whole or not at all: work that throws leaves no trace,
  /// and what it threw is thrown on. What the store itself cannot do now is a
  /// [dev.runhook.application.StoreUnavailableException]; whether the work was kept is then not
  /// known.
  ///
  /// The unit of work is good until this returns. Never nested: a second call inside the work is a
  /// second transaction.
  <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work);

  /// The same for work without a result.
  default void run(Consumer<UnitOfWork> work) {
    this.<@Nullable Void>inTransaction(unit -> {
      work.accept(unit);
      return null;
    });
  }
}
