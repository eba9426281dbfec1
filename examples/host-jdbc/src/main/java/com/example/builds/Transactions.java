package com.example.builds;

import dev.runhook.application.spi.UnitOfWork;
import java.util.function.Function;

/// Transactions over all that this service keeps: its own table, and Runhook's next to it.
public interface Transactions {
  /// Keeps what the work did, in both, or nothing of it where the work throws.
  <T> T call(Function<Transaction, T> work);

  /// One that is open.
  ///
  /// @param runhook what `RunJournal.record` joins it by
  record Transaction(Builds builds, UnitOfWork unitOfWork) {}
}
