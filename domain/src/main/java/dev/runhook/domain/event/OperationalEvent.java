package dev.runhook.domain.event;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Something happened to a webhook of the stack that other webhooks are notified of.
public record OperationalEvent(
    EventId id, Stack stack, Instant occurredAt, AffectedWebhook webhook, Details details)
    implements Event {
  /// The webhook as shown in the payload, which other receivers get.
  ///
  /// @param endpoint the scheme, host and port; the rest may contain credentials
  public record AffectedWebhook(String id, String name, String endpoint) {}

  /// What happened.
  public sealed interface Details {
    /// The webhook failed too often. Only probes are sent until one is delivered.
    ///
    /// @param failures the number of consecutive failed attempts
    /// @param error the error of the last attempt, as a sentence for users
    record Paused(int failures, String error, Instant nextProbeAt) implements Details {}

    /// The webhook was paused or disabled and is active again.
    ///
    /// @param cause the receiver, if a probe was delivered
    /// @param by the name of the user, if it is known
    record Resumed(Cause cause, Optional<String> by) implements Details {}

    /// Nothing is sent until a user enables the webhook.
    ///
    /// @param cause the receiver, if it responded with 410 Gone
    /// @param by the name of the user, if it is known
    record Disabled(Cause cause, Optional<String> by) implements Details {}

    /// A delivery failed permanently.
    ///
    /// @param event the kind of the event that was not delivered
    /// @param run the run whose state was not delivered
    /// @param attempts how many were started
    /// @param error the error of the last attempt, as a sentence for users
    record DeliveryFailed(
        String delivery, Kind event, Optional<RunInState> run, int attempts, String error)
        implements Details {}

    /// A user replaced the secret.
    ///
    /// @param by the name of the user, if it is known
    /// @param previousExpiresAt until when the previous secret still signs; absent if it does not
    record SecretRotated(Optional<String> by, Optional<Instant> previousExpiresAt)
        implements Details {}

    /// The oldest delivery that is due was not sent for too long, although the webhook is active.
    record QueueLagging(Instant dueSince, Duration lag) implements Details {}
  }

  /// A run that entered a state.
  public record RunInState(String run, RunState state) {}

  /// Who changed the health of a webhook.
  public enum Cause {
    USER,
    RECEIVER
  }

  @Override
  public Kind kind() {
    return switch (details) {
      case Details.Paused ignored -> Kind.WEBHOOK_PAUSED;
      case Details.Resumed ignored -> Kind.WEBHOOK_RESUMED;
      case Details.Disabled ignored -> Kind.WEBHOOK_DISABLED;
      case Details.DeliveryFailed ignored -> Kind.DELIVERY_FAILED;
      case Details.SecretRotated ignored -> Kind.SECRET_ROTATED;
      case Details.QueueLagging ignored -> Kind.QUEUE_LAGGING;
    };
  }
}
