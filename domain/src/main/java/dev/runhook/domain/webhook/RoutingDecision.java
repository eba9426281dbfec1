package dev.runhook.domain.webhook;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether a webhook is notified of an event.
public sealed interface RoutingDecision {
  record Deliver() implements RoutingDecision {}

  /// The webhook is not notified.
  record Skip(Explanation explanation) implements RoutingDecision {}

  static RoutingDecision of(Event event, Webhook webhook) {
    return switch (event) {
      case Ping ignored -> new Deliver();
      case TestEvent ignored -> new Deliver();
      case RunStateChanged change -> of(change, webhook);
    };
  }

  private static RoutingDecision of(RunStateChanged change, Webhook webhook) {
    if (webhook.health() instanceof Health.Disabled(Instant since, Optional<String> by)) {
      return new Skip(
          by.map(name -> Code.SKIPPED_DISABLED.with(since, name))
              .orElseGet(() -> Code.SKIPPED_DISABLED_BY_RECEIVER.with(since)));
    }
    Subscription subscription = webhook.settings().subscription();
    RunState state = change.transition().state();
    if (!subscription.wants(state)) {
      return new Skip(Code.SKIPPED_STATE.with(listed(subscription.states()), state));
    }
    RunType type = change.run().details().type();
    if (!subscription.wants(type)) {
      return new Skip(Code.SKIPPED_TYPE.with(listed(subscription.types()), type));
    }
    if (!subscription.wantsDriftDetection(change.run().details().driftDetection())) {
      boolean wanted = subscription.driftDetection().orElse(false);
      return new Skip(
          (wanted ? Code.SKIPPED_NO_DRIFT_DETECTION : Code.SKIPPED_DRIFT_DETECTION).with());
    }
    return new Deliver();
  }

  private static String listed(Set<? extends Enum<?>> names) {
    return names.stream().map(Enum::name).sorted().collect(Collectors.joining(", "));
  }
}
