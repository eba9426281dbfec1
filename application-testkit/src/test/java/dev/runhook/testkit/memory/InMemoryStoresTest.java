package dev.runhook.testkit.memory;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.contract.HistoryPartitionsContract;
import dev.runhook.testkit.contract.StoresContract;

class InMemoryStoresTest implements StoresContract, HistoryPartitionsContract {
  private static final InMemoryTransactor STORE = new InMemoryTransactor(SettableClock.atNoon());

  @Override
  public Transactor transactor() {
    return STORE;
  }

  @Override
  public HistoryPartitions historyPartitions() {
    return STORE.historyPartitions();
  }
}
