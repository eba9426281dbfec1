package dev.runhook.domain.webhook;

import java.time.Instant;
import java.util.Optional;

/// A time in which a webhook was paused or disabled. It says why a delivery waited.
///
/// @param since by the store's clock, like `until`
/// @param until when it was enabled, disabled while it was paused, or found to have recovered
public record Interruption(Cause cause, Instant since, Instant until) {
  public enum Cause {
    PAUSED,
    DISABLED
  }

  /// Returns what a change of the health ends; empty if it ends no interruption.
  public static Optional<Interruption> endedBy(Health before, Health after, Instant now) {
    if (before.getClass() == after.getClass()) {
      return Optional.empty();
    }
    return switch (before) {
      case Health.Active ignored -> Optional.empty();
      case Health.Paused paused -> Optional.of(new Interruption(Cause.PAUSED, paused.since(), now));
      case Health.Disabled disabled ->
          Optional.of(new Interruption(Cause.DISABLED, disabled.since(), now));
    };
  }
}
