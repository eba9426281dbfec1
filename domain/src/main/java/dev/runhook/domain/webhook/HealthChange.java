package dev.runhook.domain.webhook;

import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import java.util.Optional;

/// A change in a webhook's health that operators want to know about. One more consecutive failure
/// is not such a change.
public enum HealthChange {
  /// The webhook failed too often, and only probes are sent.
  PAUSED,
  /// The webhook was paused and is active again, after a delivered probe or by a user.
  RECOVERED,
  /// A user or the receiver disabled the webhook.
  DISABLED,
  /// A user enabled the webhook.
  ENABLED;

  public static Optional<HealthChange> between(Health before, Health after) {
    if (before.getClass() == after.getClass()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (after) {
          case Active ignored -> before instanceof Disabled ? ENABLED : RECOVERED;
          case Paused ignored -> PAUSED;
          case Disabled ignored -> DISABLED;
        });
  }
}
