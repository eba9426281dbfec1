package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;

/// Two observers that are told the same, one after the other.
public record CompositeDispatchObserver(DispatchObserver first, DispatchObserver second)
    implements DispatchObserver {
  @Override
  public void onAttempt(LeasedDelivery leasedDelivery, Attempt attempt, Disposition disposition) {
    first.onAttempt(leasedDelivery, attempt, disposition);
    second.onAttempt(leasedDelivery, attempt, disposition);
  }

  @Override
  public void onLeaseLost(LeasedDelivery leasedDelivery, Attempt attempt) {
    first.onLeaseLost(leasedDelivery, attempt);
    second.onLeaseLost(leasedDelivery, attempt);
  }

  @Override
  public void onHealthChange(HealthChange turn, Webhook webhook, Health before) {
    first.onHealthChange(turn, webhook, before);
    second.onHealthChange(turn, webhook, before);
  }

  @Override
  public void onError(String doing, Throwable failure) {
    first.onError(doing, failure);
    second.onError(doing, failure);
  }
}
