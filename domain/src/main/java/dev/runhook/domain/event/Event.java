package dev.runhook.domain.event;

import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.trace.TraceContext;
import java.time.Instant;
import java.util.Optional;

/// Something that the receivers of a stack's webhooks are told.
public sealed interface Event {
  EventId id();

  /// The stack as it was when the event came to be.
  Stack stack();

  /// When it happened: the transition's time, or when the ping was asked for.
  Instant occurredAt();

  /// What it is called in `X-Runhook-Event`.
  default Kind kind() {
    return switch (this) {
      case RunStateChanged _ -> Kind.RUN_STATE_CHANGED;
      case Ping _ -> Kind.PING;
    };
  }

  /// A run entered a state.
  ///
  /// @param run as it stands after the transition
  /// @param trace the span that it was reported in, if that is known
  record RunStateChanged(
      EventId id, Stack stack, Run run, Transition transition, Optional<TraceContext> trace)
      implements Event {
    /// One that nobody traces.
    public RunStateChanged(EventId id, Stack stack, Run run, Transition transition) {
      this(id, stack, run, transition, Optional.empty());
    }

    @Override
    public Instant occurredAt() {
      return transition.occurredAt();
    }
  }

  /// Somebody wants to see whether a webhook works.
  record Ping(EventId id, Stack stack, Instant occurredAt, PingTarget target) implements Event {}

  /// The webhook that a ping is for, as the payload tells it.
  record PingTarget(String webhook, String endpoint) {}

  /// The kinds of event.
  enum Kind {
    RUN_STATE_CHANGED("run_state_changed"),
    PING("ping");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }
}
