package com.example.builds;

import dev.runhook.application.spi.UnitOfWork;
import java.util.function.Function;

/// Transactions that include the service's own table and Runhook's tables.
public interface Transactions {
  /// Commits all changes of the work, or none if the work throws.
  <T> T call(Function<Transaction, T> work);

  /// An open transaction.
  ///
  /// @param unitOfWork lets `RunJournal.record` join the transaction
  record Transaction(Builds builds, UnitOfWork unitOfWork) {}
}
