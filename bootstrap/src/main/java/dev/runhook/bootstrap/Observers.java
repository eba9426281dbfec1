package dev.runhook.bootstrap;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthTurn;
import dev.runhook.domain.webhook.Webhook;

/// Two observers that are told the same, one after the other.
record Observers(DispatchObserver first, DispatchObserver second) implements DispatchObserver {
  @Override
  public void attempted(Parcel parcel, Attempt attempt, Fate fate) {
    first.attempted(parcel, attempt, fate);
    second.attempted(parcel, attempt, fate);
  }

  @Override
  public void cameTooLate(Parcel parcel, Attempt attempt) {
    first.cameTooLate(parcel, attempt);
    second.cameTooLate(parcel, attempt);
  }

  @Override
  public void turned(HealthTurn turn, Webhook webhook, Health before) {
    first.turned(turn, webhook, before);
    second.turned(turn, webhook, before);
  }

  @Override
  public void troubled(String doing, Throwable failure) {
    first.troubled(doing, failure);
    second.troubled(doing, failure);
  }
}
