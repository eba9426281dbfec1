package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;

/// Notifies two observers, one after the other.
public record CompositeDispatchObserver(DispatchObserver first, DispatchObserver second)
    implements DispatchObserver {
  @Override
  public void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
    first.onAttempt(delivery, attempt, disposition);
    second.onAttempt(delivery, attempt, disposition);
  }

  @Override
  public void onLeaseLost(LeasedDelivery delivery, Attempt attempt) {
    first.onLeaseLost(delivery, attempt);
    second.onLeaseLost(delivery, attempt);
  }

  @Override
  public void onHealthChange(HealthChange turn, Webhook webhook, Health before) {
    first.onHealthChange(turn, webhook, before);
    second.onHealthChange(turn, webhook, before);
  }

  @Override
  public void onError(String operation, Throwable failure) {
    first.onError(operation, failure);
    second.onError(operation, failure);
  }
}
