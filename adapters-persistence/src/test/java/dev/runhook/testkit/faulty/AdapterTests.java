package dev.runhook.testkit.faulty;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.testkit.FileTransportTest;
import dev.runhook.testkit.contract.HistoryPartitionsContract;
import dev.runhook.testkit.contract.IdGeneratorContract;
import dev.runhook.testkit.contract.StatsQueriesContract;
import dev.runhook.testkit.contract.TransactorContract;
import dev.runhook.testkit.contract.account.AuditEventsContract;
import dev.runhook.testkit.contract.account.IdempotencyKeysContract;
import dev.runhook.testkit.contract.account.SessionsContract;
import dev.runhook.testkit.contract.account.TokensContract;
import dev.runhook.testkit.contract.delivery.ClaimsContract;
import dev.runhook.testkit.contract.delivery.CollapseContract;
import dev.runhook.testkit.contract.delivery.DeliveryDetailsContract;
import dev.runhook.testkit.contract.delivery.DeliveryListContract;
import dev.runhook.testkit.contract.delivery.DeliveryPhasesContract;
import dev.runhook.testkit.contract.delivery.DirectLeasesContract;
import dev.runhook.testkit.contract.delivery.FairnessContract;
import dev.runhook.testkit.contract.delivery.FormatsContract;
import dev.runhook.testkit.contract.delivery.LanesContract;
import dev.runhook.testkit.contract.delivery.LateDeliveriesContract;
import dev.runhook.testkit.contract.delivery.LeasesContract;
import dev.runhook.testkit.contract.delivery.NextDueContract;
import dev.runhook.testkit.contract.delivery.OperationalLanesContract;
import dev.runhook.testkit.contract.delivery.PreviousVersionContract;
import dev.runhook.testkit.contract.delivery.RatesContract;
import dev.runhook.testkit.contract.delivery.RedeliveryContract;
import dev.runhook.testkit.contract.delivery.ReplaysContract;
import dev.runhook.testkit.contract.run.DeletedHistoryContract;
import dev.runhook.testkit.contract.run.EventsContract;
import dev.runhook.testkit.contract.run.PayloadErasureContract;
import dev.runhook.testkit.contract.run.RunListContract;
import dev.runhook.testkit.contract.run.RunsContract;
import dev.runhook.testkit.contract.run.StackDeletionContract;
import dev.runhook.testkit.contract.run.StacksContract;
import dev.runhook.testkit.contract.transport.DispatchObserverContract;
import dev.runhook.testkit.contract.transport.HttpTransportContract;
import dev.runhook.testkit.contract.transport.PayloadRendererContract;
import dev.runhook.testkit.contract.webhook.AccountWebhooksContract;
import dev.runhook.testkit.contract.webhook.WebhookDeletionContract;
import dev.runhook.testkit.contract.webhook.WebhookHealthContract;
import dev.runhook.testkit.contract.webhook.WebhookListContract;
import dev.runhook.testkit.contract.webhook.WebhookStatsContract;
import dev.runhook.testkit.contract.webhook.WebhooksContract;
import java.util.concurrent.atomic.AtomicReference;

/// Tests of adapters as their authors would write them, for the adapter under test. The build does
/// not run nested classes, because these tests are meant to fail.
final class AdapterTests {
  static final AtomicReference<Object> ADAPTER = new AtomicReference<>();

  private AdapterTests() {}

  static <P> P adapter(Class<P> port) {
    return port.cast(ADAPTER.get());
  }

  static final class OfTransactor extends StoreUnderTest implements TransactorContract {}

  static final class OfStacks extends StoreUnderTest implements StacksContract {}

  static final class OfStackDeletion extends StoreUnderTest implements StackDeletionContract {}

  static final class OfDeletedHistory extends StoreUnderTest implements DeletedHistoryContract {}

  static final class OfWebhookStats extends StoreUnderTest implements WebhookStatsContract {}

  static final class OfRuns extends StoreUnderTest implements RunsContract {}

  static final class OfRunList extends StoreUnderTest implements RunListContract {}

  static final class OfEvents extends StoreUnderTest implements EventsContract {}

  static final class OfPayloadErasure extends StoreUnderTest implements PayloadErasureContract {}

  static final class OfWebhooks extends StoreUnderTest implements WebhooksContract {}

  static final class OfWebhookList extends StoreUnderTest implements WebhookListContract {}

  static final class OfWebhookDeletion extends StoreUnderTest implements WebhookDeletionContract {}

  static final class OfWebhookHealth extends StoreUnderTest implements WebhookHealthContract {}

  static final class OfAccountWebhooks extends StoreUnderTest implements AccountWebhooksContract {}

  static final class OfTokens extends StoreUnderTest implements TokensContract {}

  static final class OfSessions extends StoreUnderTest implements SessionsContract {}

  static final class OfAuditEvents extends StoreUnderTest implements AuditEventsContract {}

  static final class OfDeliveryList extends StoreUnderTest implements DeliveryListContract {}

  static final class OfStatsQueries extends StoreUnderTest implements StatsQueriesContract {}

  static final class OfRedelivery extends StoreUnderTest implements RedeliveryContract {}

  static final class OfLateDeliveries extends StoreUnderTest implements LateDeliveriesContract {}

  static final class OfFormats extends StoreUnderTest implements FormatsContract {}

  static final class OfReplays extends StoreUnderTest implements ReplaysContract {}

  static final class OfIdempotencyKeys extends StoreUnderTest implements IdempotencyKeysContract {}

  static final class OfLanes extends StoreUnderTest implements LanesContract {}

  static final class OfOperationalLanes extends StoreUnderTest
      implements OperationalLanesContract {}

  static final class OfClaims extends StoreUnderTest implements ClaimsContract {}

  static final class OfRates extends StoreUnderTest implements RatesContract {}

  static final class OfCollapse extends StoreUnderTest implements CollapseContract {}

  static final class OfFairness extends StoreUnderTest implements FairnessContract {}

  static final class OfLeases extends StoreUnderTest implements LeasesContract {}

  static final class OfDirectLeases extends StoreUnderTest implements DirectLeasesContract {}

  static final class OfNextDue extends StoreUnderTest implements NextDueContract {}

  static final class OfDeliveryDetails extends StoreUnderTest implements DeliveryDetailsContract {}

  static final class OfDeliveryPhases extends StoreUnderTest implements DeliveryPhasesContract {}

  static final class OfPreviousVersion extends StoreUnderTest implements PreviousVersionContract {}

  static final class OfHistoryPartitions implements HistoryPartitionsContract {
    @Override
    public Transactor transactor() {
      return adapter(FaultyHistoryPartitions.class).store();
    }

    @Override
    public HistoryPartitions historyPartitions() {
      return adapter(HistoryPartitions.class);
    }
  }

  static final class OfTransport extends FileTransportTest {
    @Override
    public Transport transport() {
      return adapter(TransportFault.class).addTo(super.transport());
    }
  }

  static final class OfHttpTransport implements HttpTransportContract {
    @Override
    public Transport transport() {
      return adapter(Transport.class);
    }
  }

  static final class OfIdGenerator implements IdGeneratorContract {
    @Override
    public IdGenerator ids() {
      return adapter(IdGenerator.class);
    }
  }

  static final class OfPayloadRenderer implements PayloadRendererContract {
    @Override
    public PayloadRenderer renderer() {
      return adapter(PayloadRenderer.class);
    }
  }

  static final class OfDispatchObserver implements DispatchObserverContract {
    @Override
    public DispatchObserver observer() {
      return adapter(DispatchObserver.class);
    }
  }
}
