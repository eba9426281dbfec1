package dev.runhook.application.spi.delivery;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;

/// Receives events from the dispatcher, for logs and metrics. Implementations must return quickly,
/// must not throw, and must be thread-safe. A method that is not overridden does nothing.
public interface DispatchObserver {
  /// An attempt has finished and has been stored.
  default void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {}

  /// An attempt could not be stored before its lease expired, or before the process stopped, and
  /// changed nothing. The delivery will be attempted again. If an attempt cannot be stored for
  /// another reason, only [#onError] is called.
  default void onLeaseLost(LeasedDelivery delivery, Attempt attempt) {}

  /// A webhook was paused, disabled, resumed or enabled, by its attempts or by a user. Called once,
  /// after the change is stored.
  ///
  /// @param webhook the webhook after the change; its health has the reason
  /// @param before the health before the change
  default void onHealthChange(HealthChange change, Webhook webhook, Health before) {}

  /// Operational events were not written, because the failures of one account within a moment have
  /// too many.
  default void onEventsOmitted(int count) {}

  /// The dispatcher encountered an error and continues.
  ///
  /// @param operation what failed, as in "sending a delivery"
  default void onError(String operation, Throwable failure) {}

  /// Calls [#onHealthChange] if the health differs in a way that users care about.
  default void reportHealthChange(Webhook before, Webhook after) {
    HealthChange.between(before.health(), after.health())
        .ifPresent(change -> onHealthChange(change, after, before.health()));
  }
}
