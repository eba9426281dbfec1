package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.webhook.Webhook;

/// Is told what the engine did, for logs and metrics. Must return quickly and never throw. Silence
/// is right here, and only here.
public interface DispatchObserver {
  /// An attempt has ended and is kept.
  default void attempted(Parcel parcel, Attempt attempt, Fate fate) {}

  /// An attempt has ended too late: its lease was gone, and it changed nothing.
  default void cameTooLate(Parcel parcel, Attempt attempt) {}

  /// A webhook was paused, disabled, or is well again.
  default void healthChanged(Webhook before, Webhook after) {}

  /// Something of ours failed; the engine goes on.
  default void troubled(String doing, Throwable failure) {}
}
