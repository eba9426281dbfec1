package dev.runhook.domain.event;

import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.run.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Something that webhooks are notified of.
public sealed interface Event {
  EventId id();

  /// The stack at the time of the event.
  Stack stack();

  /// The time of the transition, or of the request for a ping or test event.
  Instant occurredAt();

  default Kind kind() {
    return switch (this) {
      case RunStateChanged ignored -> Kind.RUN_STATE_CHANGED;
      case Ping ignored -> Kind.PING;
      case TestEvent ignored -> Kind.TEST;
      case OperationalEvent operational -> operational.kind();
    };
  }

  /// A run entered a state.
  ///
  /// @param run the run after the transition
  /// @param previousState the state that the run left; absent for its first state
  /// @param trace the span in which the transition was reported, if it is known
  record RunStateChanged(
      EventId id,
      Stack stack,
      Run run,
      Transition transition,
      Optional<RunState> previousState,
      Optional<TraceContext> trace)
      implements Event {
    @Override
    public Instant occurredAt() {
      return transition.occurredAt();
    }
  }

  /// A user tests a webhook.
  record Ping(EventId id, Stack stack, Instant occurredAt, PingTarget target) implements Event {}

  /// A user tests a webhook with a sample of a state change. It has the payload of the sample.
  ///
  /// @param sample has the same id; its run does not exist
  record TestEvent(RunStateChanged sample) implements Event {
    @Override
    public EventId id() {
      return sample.id();
    }

    @Override
    public Stack stack() {
      return sample.stack();
    }

    @Override
    public Instant occurredAt() {
      return sample.occurredAt();
    }
  }

  /// The pinged webhook, as shown in the payload.
  record PingTarget(String webhook, String endpoint) {}

  /// Something happened to a webhook of the stack that other webhooks are notified of.
  record OperationalEvent(
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
      /// @param by the user's name, if it is known
      record Resumed(Cause cause, Optional<String> by) implements Details {}

      /// Nothing is sent until a user enables the webhook.
      ///
      /// @param cause the receiver, if it responded with 410 Gone
      /// @param by the user's name, if it is known
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
      /// @param by the user's name, if it is known
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

  enum Kind {
    RUN_STATE_CHANGED,
    PING,
    TEST,
    WEBHOOK_PAUSED,
    WEBHOOK_RESUMED,
    WEBHOOK_DISABLED,
    DELIVERY_FAILED,
    SECRET_ROTATED,
    QUEUE_LAGGING;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /// Returns whether events of this kind are about a webhook, and go to other webhooks.
    public boolean isOperational() {
      return switch (this) {
        case RUN_STATE_CHANGED, PING, TEST -> false;
        case WEBHOOK_PAUSED,
            WEBHOOK_RESUMED,
            WEBHOOK_DISABLED,
            DELIVERY_FAILED,
            SECRET_ROTATED,
            QUEUE_LAGGING ->
            true;
      };
    }

    /// Returns the name in the API.
    public String wireName() {
      return wireName;
    }

    /// Returns the value of `X-Runhook-Event`, which says what the payload contains.
    public String eventName() {
      return (this == TEST ? RUN_STATE_CHANGED : this).wireName;
    }
  }
}
