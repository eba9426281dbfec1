package dev.runhook.testkit.contract;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.account.AuditEventsContract;
import dev.runhook.testkit.contract.account.IdempotencyKeysContract;
import dev.runhook.testkit.contract.account.SessionsContract;
import dev.runhook.testkit.contract.account.TokensContract;
import dev.runhook.testkit.contract.delivery.DeliveriesContract;
import dev.runhook.testkit.contract.delivery.ReplaysContract;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.run.EventsContract;
import dev.runhook.testkit.contract.run.PayloadErasureContract;
import dev.runhook.testkit.contract.run.RunListContract;
import dev.runhook.testkit.contract.run.RunsContract;
import dev.runhook.testkit.contract.run.StackDeletionContract;
import dev.runhook.testkit.contract.run.StacksContract;
import dev.runhook.testkit.contract.webhook.AccountWebhooksContract;
import dev.runhook.testkit.contract.webhook.WebhooksContract;

/// All requirements for a transactor and its stores.
@Contract
public interface StoresContract
    extends TransactorContract,
        StacksContract,
        StackDeletionContract,
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
