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

/// Decides which webhooks of a stack hear of an event.
public final class Routing {
  private Routing() {}

  public static RoutingDecision decide(Event event, Webhook webhook) {
    return switch (event) {
      case Ping _ -> new Deliver();
      case RunStateChanged moved -> decide(moved, webhook);
    };
  }

  private static RoutingDecision decide(RunStateChanged moved, Webhook webhook) {
    if (webhook.health() instanceof Health.Disabled(Instant since, String reason)) {
      return new Skip(
          Reason.DISABLED, "was disabled since " + since.truncatedTo(MILLIS) + ": " + reason);
    }
    Subscription subscription = webhook.settings().subscription();
    RunState state = moved.transition().state();
    if (!subscription.wants(state)) {
      return new Skip(
          Reason.STATE_NOT_WANTED,
          "wants only the states " + listed(subscription.states()) + ", and this was " + state);
    }
    RunType type = moved.run().details().type();
    if (!subscription.wants(type)) {
      return new Skip(
          Reason.TYPE_NOT_WANTED,
          "wants only runs of the types " + listed(subscription.types()) + ", and this is " + type);
    }
    if (!subscription.wantsDriftDetection(moved.run().details().driftDetection())) {
      return new Skip(
          Reason.DRIFT_DETECTION_NOT_WANTED,
          subscription.driftDetection().orElse(false)
              ? "wants only runs that detect drift, and this one does not"
              : "wants no runs that detect drift, and this one does");
    }
    return new Deliver();
  }

  private static String listed(Set<? extends Enum<?>> names) {
    return names.stream().map(Enum::name).sorted().collect(Collectors.joining(", "));
  }
}
