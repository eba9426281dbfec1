package dev.runhook.application.run;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// What a [RunJournal] needs in addition to its stores.
///
/// @param maxStacks the maximum number of stacks of an account
/// @param hostTransaction returns the transaction of the calling thread, which the methods of the
///   journal without a parameter for it then join
public record JournalDependencies(
    PayloadRenderer renderer,
    IdGenerator ids,
    InstantSource clock,
    int maxStacks,
    Supplier<Optional<UnitOfWork>> hostTransaction,
    JournalObserver observer) {
  /// Allows 10,000 stacks in an account, joins no transaction, and has no observer.
  public JournalDependencies(PayloadRenderer renderer, IdGenerator ids, InstantSource clock) {
    this(renderer, ids, clock, 10_000, Optional::empty, new JournalObserver() {});
  }

  public JournalDependencies withMaxStacks(int max) {
    return new JournalDependencies(renderer, ids, clock, max, hostTransaction, observer);
  }

  public JournalDependencies withHostTransaction(Supplier<Optional<UnitOfWork>> current) {
    return new JournalDependencies(renderer, ids, clock, maxStacks, current, observer);
  }

  public JournalDependencies withObserver(JournalObserver next) {
    return new JournalDependencies(renderer, ids, clock, maxStacks, hostTransaction, next);
  }
}
