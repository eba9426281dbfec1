package com.example.adapters;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.contract.StoresContract;
import dev.runhook.testkit.memory.InMemoryTransactor;

class TimedTransactorTest implements StoresContract {
  private static final Transactor STORE =
      new TimedTransactor(new InMemoryTransactor(SettableClock.atNoon()), ignored -> {});

  @Override
  public Transactor transactor() {
    return STORE;
  }
}
