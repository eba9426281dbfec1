package dev.runhook.domain.webhook;

import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import java.util.Optional;

/// A change of a webhook's health that people want to know of. Another failure in a row is none.
public enum HealthChange {
  /// It failed too often in a row, and is only probed from now on.
  PAUSED,
  /// It was paused and is sent to again: a probe was delivered, or a person said so.
  RECOVERED,
  /// Nothing is queued for it any more: a person or its receiver said so.
  DISABLED,
  /// A person has it queued for again.
  ENABLED;

  public static Optional<HealthChange> between(Health before, Health after) {
    return switch (after) {
      case Active _ ->
          switch (before) {
            case Active _ -> Optional.empty();
            case Paused _ -> Optional.of(RECOVERED);
            case Disabled _ -> Optional.of(ENABLED);
          };
      case Paused _ -> before instanceof Paused ? Optional.empty() : Optional.of(PAUSED);
      case Disabled _ -> before instanceof Disabled ? Optional.empty() : Optional.of(DISABLED);
    };
  }
}
