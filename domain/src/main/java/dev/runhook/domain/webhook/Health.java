package dev.runhook.domain.webhook;

import java.time.Instant;
import java.util.Optional;

/// The health of a webhook.
public sealed interface Health {
  /// Deliveries are sent.
  ///
  /// @param failures absent if the last attempt was delivered, or there is none
  /// @param proven whether the last attempt was delivered
  record Active(Optional<Failures> failures, boolean proven) implements Health {
    /// Creates the health of a webhook whose last attempt failed.
    public Active(Failures failures) {
      this(Optional.of(failures), false);
    }
  }

  /// The webhook failed too often. Transitions are still queued, and one delivery at a time is sent
  /// as a probe.
  ///
  /// @param failures the number of consecutive failed attempts
  /// @param nextProbeAt by the store's clock
  /// @param lastError the error of the last attempt, as a sentence for users
  record Paused(Instant since, int failures, Instant nextProbeAt, String lastError)
      implements Health {}

  /// Nothing is queued until a user enables the webhook.
  ///
  /// @param by the name of the user who disabled it; absent if the receiver responded with 410
  record Disabled(Instant since, Optional<String> by) implements Health {
    /// Returns who or what disabled it, for users.
    public String reason() {
      return by.map(name -> "disabled by " + name).orElse("the receiver responded with 410 Gone");
    }
  }

  /// Returns the health of a webhook without failures and without a delivered attempt.
  static Health healthy() {
    return new Active(Optional.empty(), false);
  }

  /// Returns the health after a delivered attempt.
  static Health proven() {
    return new Active(Optional.empty(), true);
  }

  /// Returns the health after a failed attempt. The failure that reaches the limit of the policy
  /// pauses the webhook. While it is paused, only probes count: attempts that were in flight when
  /// it was paused reveal nothing new. The next probe is not sent before the receiver wants it.
  default Health after(FailedAttempt attempt, PausePolicy policy) {
    Instant endedAt = attempt.endedAt();
    Health next =
        switch (this) {
          case Active(var before, var ignored)
              when consecutiveFailures() + 1 < policy.pauseAfter() ->
              new Active(
                  before
                      .map(failures -> failures.next(attempt))
                      .orElseGet(() -> Failures.first(attempt)));
          case Active ignored -> paused(endedAt, consecutiveFailures() + 1, attempt, policy);
          case Paused(Instant since, int before, var ignored, var ignored2)
              when attempt.isProbe() ->
              paused(since, before + 1, attempt, policy);
          case Paused ignored -> this;
          case Disabled ignored -> this;
        };
    return attempt
        .retryAfter()
        .map(delay -> next.withoutProbeBefore(endedAt.plus(delay)))
        .orElse(next);
  }

  private static Paused paused(
      Instant since, int failures, FailedAttempt attempt, PausePolicy policy) {
    Instant nextProbeAt = attempt.endedAt().plus(policy.probeDelay(failures));
    return new Paused(since, failures, nextProbeAt, attempt.error());
  }

  private Health withoutProbeBefore(Instant earliest) {
    return this instanceof Paused(Instant since, int failures, Instant planned, String error)
            && planned.isBefore(earliest)
        ? new Paused(since, failures, earliest, error)
        : this;
  }

  /// Returns the number of consecutive failed attempts.
  default int consecutiveFailures() {
    return switch (this) {
      case Active(var failures, var ignored) -> failures.map(Failures::count).orElse(0);
      case Paused(var ignored, int failures, var ignored2, var ignored3) -> failures;
      case Disabled ignored -> 0;
    };
  }

  /// Returns whether the last attempt was delivered.
  default boolean isProven() {
    return this instanceof Active(var ignored, boolean proven) && proven;
  }
}
