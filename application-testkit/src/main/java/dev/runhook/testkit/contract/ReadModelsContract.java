package dev.runhook.testkit.contract;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.account.AuditEventsContract;
import dev.runhook.testkit.contract.account.IdempotencyKeysContract;
import dev.runhook.testkit.contract.account.SessionsContract;
import dev.runhook.testkit.contract.account.TokensContract;
import dev.runhook.testkit.contract.delivery.DeliveryListContract;
import dev.runhook.testkit.contract.delivery.LateDeliveriesContract;
import dev.runhook.testkit.contract.delivery.RedeliveryContract;
import dev.runhook.testkit.contract.delivery.ReplaysContract;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.run.DeletedHistoryContract;
import dev.runhook.testkit.contract.run.RunListContract;
import dev.runhook.testkit.contract.webhook.WebhookStatsContract;

/// All requirements for what the path of an event does not need: lists and statistics, redeliveries
/// and replays, tokens, sessions, idempotency keys and the audit log.
@Contract
public interface ReadModelsContract
    extends DeletedHistoryContract,
        RunListContract,
        DeliveryListContract,
        LateDeliveriesContract,
        RedeliveryContract,
        ReplaysContract,
        StatsQueriesContract,
        WebhookStatsContract,
        SessionsContract,
        TokensContract,
        IdempotencyKeysContract,
        AuditEventsContract {
  @Override
  Transactor transactor();
}
