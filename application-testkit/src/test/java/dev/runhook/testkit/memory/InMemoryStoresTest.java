package dev.runhook.testkit.memory;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.contract.StoresContract;

class InMemoryStoresTest implements StoresContract {
  private static final InMemoryTransactor STORE = new InMemoryTransactor(SettableClock.atNoon());

  @Override
  public Transactor transactor() {
    return STORE;
  }
}
