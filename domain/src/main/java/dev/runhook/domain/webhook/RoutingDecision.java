package dev.runhook.domain.webhook;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import java.time.Instant;
import java.util.Optional;

/// Whether a webhook is notified of an event: its [Subscription] wants it, it is selected and not
/// disabled, and its format can express the event.
public sealed interface RoutingDecision {
  record Deliver() implements RoutingDecision {}

  /// The webhook is not notified.
  record Skip(Explanation explanation) implements RoutingDecision {}

  static RoutingDecision of(Event event, Webhook webhook) {
    return explainSkip(event, webhook).<RoutingDecision>map(Skip::new).orElseGet(Deliver::new);
  }

  /// Decides for an active webhook with these settings.
  static RoutingDecision of(Event event, Subscription subscription, Format format) {
    return explainSkip(event, subscription, format)
        .<RoutingDecision>map(Skip::new)
        .orElseGet(Deliver::new);
  }

  private static Optional<Explanation> explainSkip(Event event, Webhook webhook) {
    return switch (event) {
      case Ping ignored -> Optional.empty();
      case TestEvent ignored -> Optional.empty();
      case OperationalEvent ignored -> explainSkipOfNotification(event, webhook);
      case RunStateChanged ignored -> explainSkipOfNotification(event, webhook);
    };
  }

  private static Optional<Explanation> explainSkipOfNotification(Event event, Webhook webhook) {
    WebhookSettings settings = webhook.settings();
    return explainSkip(webhook)
        .or(() -> explainSkip(event, settings.subscription(), settings.delivery().format()));
  }

  private static Optional<Explanation> explainSkip(
      Event event, Subscription subscription, Format format) {
    return subscription.explainSkip(event).or(() -> explainSkip(event, format));
  }

  private static Optional<Explanation> explainSkip(Webhook webhook) {
    if (!webhook.isSelected()) {
      return Optional.of(Code.SKIPPED_SELECTOR.with());
    }
    if (webhook.health() instanceof Health.Disabled(Instant since, Optional<String> by)) {
      return Optional.of(
          by.map(name -> Code.SKIPPED_DISABLED.with(since, name))
              .orElseGet(() -> Code.SKIPPED_DISABLED_BY_RECEIVER.with(since)));
    }
    return Optional.empty();
  }

  private static Optional<Explanation> explainSkip(Event event, Format format) {
    if (!format.sends(event.kind())) {
      return Optional.of(Code.SKIPPED_FORMAT.with(format.wireName(), event.kind().wireName()));
    }
    return event instanceof RunStateChanged change && !format.sends(change.transition().state())
        ? Optional.of(Code.SKIPPED_FORMAT.with(format.wireName(), change.transition().state()))
        : Optional.empty();
  }
}
