package dev.runhook.domain.event;

import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.run.Transition;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Something that webhooks are notified of.
public sealed interface Event
    permits Event.RunStateChanged, Event.Ping, Event.TestEvent, OperationalEvent {
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
