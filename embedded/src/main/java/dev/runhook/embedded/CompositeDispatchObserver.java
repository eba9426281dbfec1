package dev.runhook.embedded;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;

/// Notifies several observers, one after the other.
public record CompositeDispatchObserver(List<DispatchObserver> observers)
    implements DispatchObserver {
  @Override
  public void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
    observers.forEach(observer -> observer.onAttempt(delivery, attempt, disposition));
  }

  @Override
  public void onLeaseLost(LeasedDelivery delivery, Attempt attempt) {
    observers.forEach(observer -> observer.onLeaseLost(delivery, attempt));
  }

  @Override
  public void onHealthChange(HealthChange change, Webhook webhook, Health before) {
    observers.forEach(observer -> observer.onHealthChange(change, webhook, before));
  }

  @Override
  public void onEventsOmitted(int count) {
    observers.forEach(observer -> observer.onEventsOmitted(count));
  }

  @Override
  public void onError(String operation, Throwable failure) {
    observers.forEach(observer -> observer.onError(operation, failure));
  }
}
