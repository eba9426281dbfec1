package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;

/// Is told what became of deliveries and webhooks, for logs and metrics. Must return quickly and
/// never throw. Silence is right here, and only here.
public interface DispatchObserver {
  /// An attempt has ended and is kept.
  default void onAttempt(LeasedDelivery leasedDelivery, Attempt attempt, Disposition disposition) {}

  /// An attempt has ended too late: its lease was gone, and it changed nothing.
  default void onLeaseLost(LeasedDelivery leasedDelivery, Attempt attempt) {}

  /// A webhook was paused or disabled, or is well or enabled again; by attempts or by a person.
  /// Told once, after the change is kept.
  ///
  /// @param webhook as it is now; its health has the reason
  /// @param before its health until now
  default void onHealthChange(HealthChange turn, Webhook webhook, Health before) {}

  /// Something of ours failed; the engine goes on.
  default void onError(String doing, Throwable failure) {}

  /// Tells of a change of health, if it is one that people want to know of.
  default void reportHealthChange(Webhook before, Webhook after) {
    HealthChange.between(before.health(), after.health())
        .ifPresent(turn -> onHealthChange(turn, after, before.health()));
  }
}
