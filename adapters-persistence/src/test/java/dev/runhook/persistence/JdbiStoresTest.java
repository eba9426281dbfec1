package dev.runhook.persistence;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.AuditEventsContract;
import dev.runhook.testkit.contract.DeliveriesContract;
import dev.runhook.testkit.contract.EventsContract;
import dev.runhook.testkit.contract.IdempotencyKeysContract;
import dev.runhook.testkit.contract.PayloadErasureContract;
import dev.runhook.testkit.contract.ReplaysContract;
import dev.runhook.testkit.contract.RunListContract;
import dev.runhook.testkit.contract.RunsContract;
import dev.runhook.testkit.contract.SessionsContract;
import dev.runhook.testkit.contract.StacksContract;
import dev.runhook.testkit.contract.StatsQueriesContract;
import dev.runhook.testkit.contract.TokensContract;
import dev.runhook.testkit.contract.TransactorContract;
import dev.runhook.testkit.contract.WebhooksContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbiStoresTest
    implements TransactorContract,
        StacksContract,
        RunsContract,
        RunListContract,
        EventsContract,
        PayloadErasureContract,
        WebhooksContract,
        SessionsContract,
        StatsQueriesContract,
        TokensContract,
        IdempotencyKeysContract,
        AuditEventsContract,
        ReplaysContract,
        DeliveriesContract {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Override
  public Transactor transactor() {
    return POSTGRES.transactor();
  }
}
