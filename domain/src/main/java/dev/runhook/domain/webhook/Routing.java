package dev.runhook.domain.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.Decision.Deliver;
import dev.runhook.domain.webhook.Decision.Reason;
import dev.runhook.domain.webhook.Decision.Skip;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides which webhooks of a stack hear of an event.
public final class Routing {
  private Routing() {}

  public static Decision of(Event event, Webhook webhook) {
    return switch (event) {
      case Ping _ -> new Deliver();
      case RunMoved moved -> of(moved, webhook);
    };
  }

  private static Decision of(RunMoved moved, Webhook webhook) {
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
    RunType type = moved.run().subject().type();
    if (!subscription.wants(type)) {
      return new Skip(
          Reason.TYPE_NOT_WANTED,
          "wants only runs of the types " + listed(subscription.types()) + ", and this is " + type);
    }
    if (!subscription.wantsDriftDetection(moved.run().subject().driftDetection())) {
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
