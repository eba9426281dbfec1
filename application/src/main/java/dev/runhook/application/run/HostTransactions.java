package dev.runhook.application.run;

import dev.runhook.application.spi.UnitOfWork;
import java.util.Optional;

/// The transactions of a host, which the methods of the [RunJournal] without a parameter for one
/// join. Thread-safe.
public interface HostTransactions {
  /// Returns a unit that joins the transaction of the calling thread; empty if there is none.
  Optional<UnitOfWork> current();

  /// Runs an action after the commit of the transaction of the calling thread, and not after a
  /// rollback. Called after [#current] has returned a unit.
  void afterCommit(Runnable action);

  /// Returns the transactions of a host that has none.
  static HostTransactions none() {
    return new HostTransactions() {
      @Override
      public Optional<UnitOfWork> current() {
        return Optional.empty();
      }

      @Override
      public void afterCommit(Runnable action) {
        throw new IllegalStateException("there is no transaction");
      }
    };
  }
}
