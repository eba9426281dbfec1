package dev.runhook.domain.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.RoutingDecision.Deliver;
import dev.runhook.domain.webhook.RoutingDecision.Reason;
import dev.runhook.domain.webhook.RoutingDecision.Skip;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides whether a webhook is notified of an event.
public final class Routing {
  private Routing() {}

  public static RoutingDecision decide(Event event, Webhook webhook) {
    return switch (event) {
      case Ping _ -> new Deliver();
      case RunStateChanged change -> decide(change, webhook);
    };
  }

  private static RoutingDecision decide(RunStateChanged change, Webhook webhook) {
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
