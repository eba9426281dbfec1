package dev.runhook.domain.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether a webhook is notified of an event.
public sealed interface RoutingDecision {
  record Deliver() implements RoutingDecision {}

  /// The webhook is not notified.
  ///
  /// @param explanation a clause about the webhook that names the compared values, for users
  record Skip(Reason reason, String explanation) implements RoutingDecision {}

  enum Reason {
    DISABLED,
    STATE_NOT_WANTED,
    TYPE_NOT_WANTED,
    DRIFT_DETECTION_NOT_WANTED
  }

  static RoutingDecision of(Event event, Webhook webhook) {
    return switch (event) {
      case Ping _ -> new Deliver();
      case RunStateChanged change -> of(change, webhook);
    };
  }

  private static RoutingDecision of(RunStateChanged change, Webhook webhook) {
    if (webhook.health() instanceof Health.Disabled(Instant since, String reason)) {
      return new Skip(
          Reason.DISABLED, "has been disabled since " + since.truncatedTo(MILLIS) + ": " + reason);
    }
    Subscription subscription = webhook.settings().subscription();
    RunState state = change.transition().state();
    if (!subscription.wants(state)) {
      return new Skip(
          Reason.STATE_NOT_WANTED,
          "wants only the states " + listed(subscription.states()) + ", but this is " + state);
    }
    RunType type = change.run().details().type();
    if (!subscription.wants(type)) {
      return new Skip(
          Reason.TYPE_NOT_WANTED,
          "wants only runs of the types " + listed(subscription.types()) + ", but this is " + type);
    }
    if (!subscription.wantsDriftDetection(change.run().details().driftDetection())) {
      return new Skip(
          Reason.DRIFT_DETECTION_NOT_WANTED,
          subscription.driftDetection().orElse(false)
              ? "wants only runs that detect drift, but this one does not"
              : "does not want runs that detect drift, but this one does");
    }
    return new Deliver();
  }

  private static String listed(Set<? extends Enum<?>> names) {
    return names.stream().map(Enum::name).sorted().collect(Collectors.joining(", "));
  }
}
