package dev.runhook.embedded;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notifies observers, one after the other. One that throws is logged and affects nothing else.
record CompositeDispatchObserver(List<DispatchObserver> observers) implements DispatchObserver {
  private static final Logger LOG = LoggerFactory.getLogger(CompositeDispatchObserver.class);

  @Override
  public void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
    forEach(observer -> observer.onAttempt(delivery, attempt, disposition));
  }

  @Override
  public void onLeaseLost(LeasedDelivery delivery, Attempt attempt) {
    forEach(observer -> observer.onLeaseLost(delivery, attempt));
  }

  @Override
  public void onHealthChange(HealthChange change, Webhook webhook, Health before) {
    forEach(observer -> observer.onHealthChange(change, webhook, before));
  }

  @Override
  public void onEventsOmitted(int count) {
    forEach(observer -> observer.onEventsOmitted(count));
  }

  @Override
  public void onError(String operation, Throwable failure) {
    forEach(observer -> observer.onError(operation, failure));
  }

  private void forEach(Consumer<DispatchObserver> event) {
    for (DispatchObserver observer : observers) {
      try {
        event.accept(observer);
      } catch (RuntimeException | Error e) {
        LOG.atWarn()
            .addKeyValue("observer", observer.getClass().getName())
            .setCause(e)
            .log("observer failed");
      }
    }
  }
}
