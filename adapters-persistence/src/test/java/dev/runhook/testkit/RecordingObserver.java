package dev.runhook.testkit;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.List;

/// Records all calls.
public final class RecordingObserver implements DispatchObserver {
  public final List<Attempt> attempts = new ArrayList<>();
  public final List<Attempt> leaseLostAttempts = new ArrayList<>();
  public final List<HealthChange> healthChanges = new ArrayList<>();
  public final List<Webhook> changedWebhooks = new ArrayList<>();
  public final List<String> errors = new ArrayList<>();

  @Override
  public void onAttempt(LeasedDelivery leased, Attempt attempt, Disposition disposition) {
    attempts.add(attempt);
  }

  @Override
  public void onLeaseLost(LeasedDelivery leased, Attempt attempt) {
    leaseLostAttempts.add(attempt);
  }

  @Override
  public void onHealthChange(HealthChange change, Webhook webhook, Health before) {
    healthChanges.add(change);
    changedWebhooks.add(webhook);
  }

  @Override
  public void onError(String operation, Throwable failure) {
    errors.add(operation);
  }
}
