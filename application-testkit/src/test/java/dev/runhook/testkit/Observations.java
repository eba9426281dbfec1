package dev.runhook.testkit;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.List;

/// Keeps what the engine told its observer.
final class Observations implements DispatchObserver {
  final List<Attempt> attempted = new ArrayList<>();
  final List<Attempt> tooLate = new ArrayList<>();
  final List<Webhook> changed = new ArrayList<>();
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
  public void healthChanged(Webhook before, Webhook after) {
    changed.add(after);
  }

  @Override
  public void troubled(String doing, Throwable failure) {
    troubles.add(doing);
  }
}
