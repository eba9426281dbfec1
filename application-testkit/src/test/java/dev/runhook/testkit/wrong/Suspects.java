package dev.runhook.testkit.wrong;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.History;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.Transport;
import dev.runhook.testkit.contract.AuditContract;
import dev.runhook.testkit.contract.ClaimsContract;
import dev.runhook.testkit.contract.DeliveryHistoryContract;
import dev.runhook.testkit.contract.DeliveryListContract;
import dev.runhook.testkit.contract.DispatchObserverContract;
import dev.runhook.testkit.contract.ErasureContract;
import dev.runhook.testkit.contract.EventsContract;
import dev.runhook.testkit.contract.FairnessContract;
import dev.runhook.testkit.contract.GlancesContract;
import dev.runhook.testkit.contract.HealthContract;
import dev.runhook.testkit.contract.HistoryContract;
import dev.runhook.testkit.contract.IdSourceContract;
import dev.runhook.testkit.contract.LanesContract;
import dev.runhook.testkit.contract.LeasesContract;
import dev.runhook.testkit.contract.PayloadRendererContract;
import dev.runhook.testkit.contract.PreviousVersionContract;
import dev.runhook.testkit.contract.RedeliveriesContract;
import dev.runhook.testkit.contract.RequestsContract;
import dev.runhook.testkit.contract.RunsContract;
import dev.runhook.testkit.contract.SessionsContract;
import dev.runhook.testkit.contract.StacksContract;
import dev.runhook.testkit.contract.TokensContract;
import dev.runhook.testkit.contract.TransactorContract;
import dev.runhook.testkit.contract.TransportContract;
import dev.runhook.testkit.contract.WaitingContract;
import dev.runhook.testkit.contract.WebhooksContract;
import java.util.concurrent.atomic.AtomicReference;

/// Tests of adapters as their authors would write them, for whatever adapter is suspected just now.
/// No build finds these classes by itself: their tests are meant to fail.
final class Suspects {
  static final AtomicReference<Object> SUSPECTED = new AtomicReference<>();

  private Suspects() {}

  static <P> P suspected(Class<P> port) {
    return port.cast(SUSPECTED.get());
  }

  static final class OfTransactor extends SuspectedStore implements TransactorContract {}

  static final class OfStacks extends SuspectedStore implements StacksContract {}

  static final class OfRuns extends SuspectedStore implements RunsContract {}

  static final class OfEvents extends SuspectedStore implements EventsContract {}

  static final class OfErasure extends SuspectedStore implements ErasureContract {}

  static final class OfWebhooks extends SuspectedStore implements WebhooksContract {}

  static final class OfHealth extends SuspectedStore implements HealthContract {}

  static final class OfTokens extends SuspectedStore implements TokensContract {}

  static final class OfSessions extends SuspectedStore implements SessionsContract {}

  static final class OfAudit extends SuspectedStore implements AuditContract {}

  static final class OfDeliveryList extends SuspectedStore implements DeliveryListContract {}

  static final class OfGlances extends SuspectedStore implements GlancesContract {}

  static final class OfRedeliveries extends SuspectedStore implements RedeliveriesContract {}

  static final class OfRequests extends SuspectedStore implements RequestsContract {}

  static final class OfLanes extends SuspectedStore implements LanesContract {}

  static final class OfClaims extends SuspectedStore implements ClaimsContract {}

  static final class OfFairness extends SuspectedStore implements FairnessContract {}

  static final class OfLeases extends SuspectedStore implements LeasesContract {}

  static final class OfWaiting extends SuspectedStore implements WaitingContract {}

  static final class OfDeliveryHistory extends SuspectedStore implements DeliveryHistoryContract {}

  static final class OfPreviousVersion extends SuspectedStore implements PreviousVersionContract {}

  static final class OfHistory implements HistoryContract {
    @Override
    public Transactor transactor() {
      return suspected(Forgetful.class).store();
    }

    @Override
    public History history() {
      return suspected(History.class);
    }
  }

  static final class OfTransport implements TransportContract {
    @Override
    public Transport transport() {
      return suspected(Transport.class);
    }
  }

  static final class OfIdSource implements IdSourceContract {
    @Override
    public IdSource ids() {
      return suspected(IdSource.class);
    }
  }

  static final class OfPayloadRenderer implements PayloadRendererContract {
    @Override
    public PayloadRenderer renderer() {
      return suspected(PayloadRenderer.class);
    }
  }

  static final class OfDispatchObserver implements DispatchObserverContract {
    @Override
    public DispatchObserver observer() {
      return suspected(DispatchObserver.class);
    }
  }
}
