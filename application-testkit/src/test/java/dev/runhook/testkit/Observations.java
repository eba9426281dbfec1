package dev.runhook.testkit;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthTurn;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.List;

/// Keeps what the engine told its observer.
final class Observations implements DispatchObserver {
  final List<Attempt> attempted = new ArrayList<>();
  final List<Attempt> tooLate = new ArrayList<>();
  final List<HealthTurn> turns = new ArrayList<>();
  final List<Webhook> turned = new ArrayList<>();
  final List<String> troubles = new ArrayList<>();

  @Override
  public void attempted(Parcel parcel, Attempt attempt, Fate fate) {
    attempted.add(attempt);
  }

  @Override
  public void cameTooLate(Parcel parcel, Attempt attempt) {
    tooLate.add(attempt);
  }

  @Override
  public void turned(HealthTurn turn, Webhook webhook, Health before) {
    turns.add(turn);
    turned.add(webhook);
  }

  @Override
  public void troubled(String doing, Throwable failure) {
    troubles.add(doing);
  }
}
