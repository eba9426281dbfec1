package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthTurn;
import dev.runhook.domain.webhook.Webhook;

/// Is told what became of deliveries and webhooks, for logs and metrics. Must return quickly and
/// never throw. Silence is right here, and only here.
public interface DispatchObserver {
  /// An attempt has ended and is kept.
  default void attempted(Parcel parcel, Attempt attempt, Fate fate) {}

  /// An attempt has ended too late: its lease was gone, and it changed nothing.
  default void cameTooLate(Parcel parcel, Attempt attempt) {}

  /// A webhook was paused or disabled, or is well or enabled again; by attempts or by a person.
  /// Told once, after the change is kept.
  ///
  /// @param webhook as it is now; its health has the reason
  /// @param before its health until now
  default void turned(HealthTurn turn, Webhook webhook, Health before) {}

  /// Something of ours failed; the engine goes on.
  default void troubled(String doing, Throwable failure) {}

  /// Tells of a change of health, if it is one that people want to know of.
  default void changed(Webhook before, Webhook after) {
    HealthTurn.between(before.health(), after.health())
        .ifPresent(turn -> turned(turn, after, before.health()));
  }
}
