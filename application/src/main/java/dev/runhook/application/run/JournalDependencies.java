package dev.runhook.application.run;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import java.time.InstantSource;
import java.util.List;

/// What a [RunJournal] needs in addition to its stores.
///
/// @param maxStacks the maximum number of stacks of an account
/// @param host the transactions which the methods of the journal without a parameter for one join
public record JournalDependencies(
    PayloadRenderer renderer,
    IdGenerator ids,
    InstantSource clock,
    int maxStacks,
    HostTransactions host,
    List<JournalObserver> observers) {
  public JournalDependencies {
    observers = List.copyOf(observers);
  }

  /// Allows 10,000 stacks in an account, joins no transaction, and has no observer.
  public JournalDependencies(PayloadRenderer renderer, IdGenerator ids, InstantSource clock) {
    this(renderer, ids, clock, 10_000, HostTransactions.none(), List.of());
  }

  public JournalDependencies withMaxStacks(int max) {
    return new JournalDependencies(renderer, ids, clock, max, host, observers);
  }

  public JournalDependencies withHost(HostTransactions transactions) {
    return new JournalDependencies(renderer, ids, clock, maxStacks, transactions, observers);
  }

  public JournalDependencies withObservers(List<JournalObserver> all) {
    return new JournalDependencies(renderer, ids, clock, maxStacks, host, all);
  }
}
