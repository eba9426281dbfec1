package com.example.adapters;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.InMemoryTransactor;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.contract.AuditContract;
import dev.runhook.testkit.contract.DeliveriesContract;
import dev.runhook.testkit.contract.ErasureContract;
import dev.runhook.testkit.contract.EventsContract;
import dev.runhook.testkit.contract.GlancesContract;
import dev.runhook.testkit.contract.RequestsContract;
import dev.runhook.testkit.contract.RunsContract;
import dev.runhook.testkit.contract.SessionsContract;
import dev.runhook.testkit.contract.StacksContract;
import dev.runhook.testkit.contract.TokensContract;
import dev.runhook.testkit.contract.TransactorContract;
import dev.runhook.testkit.contract.WebhooksContract;

class TimedTransactorTest
    implements TransactorContract,
        StacksContract,
        RunsContract,
        EventsContract,
        ErasureContract,
        WebhooksContract,
        TokensContract,
        SessionsContract,
        RequestsContract,
        GlancesContract,
        AuditContract,
        DeliveriesContract {
  private static final Transactor STORE =
      new TimedTransactor(new InMemoryTransactor(SettableClock.atNoon()), _ -> {});

  @Override
  public Transactor transactor() {
    return STORE;
  }
}
