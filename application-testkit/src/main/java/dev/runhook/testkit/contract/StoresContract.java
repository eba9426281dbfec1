package dev.runhook.testkit.contract;

import dev.runhook.application.spi.Transactor;

/// All requirements for a transactor and its stores.
@Contract
public interface StoresContract
    extends TransactorContract,
        StacksContract,
        RunsContract,
        RunListContract,
        EventsContract,
        PayloadErasureContract,
        WebhooksContract,
        AccountWebhooksContract,
        SessionsContract,
        StatsQueriesContract,
        TokensContract,
        IdempotencyKeysContract,
        AuditEventsContract,
        ReplaysContract,
        DeliveriesContract {
  @Override
  Transactor transactor();
}
