package dev.runhook.domain.webhook;

import java.time.Instant;

/// How a webhook is doing.
public sealed interface Health {
  /// Deliveries are sent.
  ///
  /// @param failures failed attempts in a row
  record Active(int failures) implements Health {}

  /// It failed too often in a row: transitions keep queueing, and one delivery at a time is sent as
  /// a probe.
  ///
  /// @param failures failed attempts in a row
  /// @param nextProbe by the store's clock
  /// @param reason what the last attempt ended with, for people
  record Paused(Instant since, int failures, Instant nextProbeAt, String lastError)
      implements Health {}

  /// Nothing is queued for it, until a person enables it.
  ///
  /// @param reason who or what disabled it, for people
  record Disabled(Instant since, String reason) implements Health {}

  static Health healthy() {
    return new Active(0);
  }

  /// Failed attempts in a row.
  default int consecutiveFailures() {
    return switch (this) {
      case Active(int failures) -> failures;
      case Paused(_, int failures, _, _) -> failures;
      case Disabled _ -> 0;
    };
  }

  /// Whether failing is what it does, and no single mishap.
  default boolean isFailing() {
    return this instanceof Paused || consecutiveFailures() > 1;
  }
}
