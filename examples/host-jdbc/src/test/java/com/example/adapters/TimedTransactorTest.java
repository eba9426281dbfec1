package com.example.adapters;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.contract.AuditEventsContract;
import dev.runhook.testkit.contract.DeliveriesContract;
import dev.runhook.testkit.contract.EventsContract;
import dev.runhook.testkit.contract.IdempotencyKeysContract;
import dev.runhook.testkit.contract.PayloadErasureContract;
import dev.runhook.testkit.contract.RunListContract;
import dev.runhook.testkit.contract.RunsContract;
import dev.runhook.testkit.contract.SessionsContract;
import dev.runhook.testkit.contract.StacksContract;
import dev.runhook.testkit.contract.StatsQueriesContract;
import dev.runhook.testkit.contract.TokensContract;
import dev.runhook.testkit.contract.TransactorContract;
import dev.runhook.testkit.contract.WebhooksContract;
import dev.runhook.testkit.memory.InMemoryTransactor;

class TimedTransactorTest
    implements TransactorContract,
        StacksContract,
        RunsContract,
        RunListContract,
        EventsContract,
        PayloadErasureContract,
        WebhooksContract,
        TokensContract,
        SessionsContract,
        IdempotencyKeysContract,
        StatsQueriesContract,
        AuditEventsContract,
        DeliveriesContract {
  private static final Transactor STORE =
      new TimedTransactor(new InMemoryTransactor(SettableClock.atNoon()), ignored -> {});

  @Override
  public Transactor transactor() {
    return STORE;
  }
}
