package dev.runhook.testkit.contract;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.delivery.DeliveriesContract;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.run.EventsContract;
import dev.runhook.testkit.contract.run.PayloadErasureContract;
import dev.runhook.testkit.contract.run.RunsContract;
import dev.runhook.testkit.contract.run.StackDeletionContract;
import dev.runhook.testkit.contract.run.StacksContract;
import dev.runhook.testkit.contract.webhook.AccountWebhooksContract;
import dev.runhook.testkit.contract.webhook.WebhooksContract;

/// All requirements for the path of an event: a transactor, and its stores of stacks, runs, events,
/// webhooks and deliveries. A store with read models also meets [ReadModelsContract].
@Contract
public interface StoresContract
    extends TransactorContract,
        StacksContract,
        StackDeletionContract,
        RunsContract,
        EventsContract,
        PayloadErasureContract,
        WebhooksContract,
        AccountWebhooksContract,
        DeliveriesContract {
  @Override
  Transactor transactor();
}
