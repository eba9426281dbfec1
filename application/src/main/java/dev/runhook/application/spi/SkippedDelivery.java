package dev.runhook.application.spi;

import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.WebhookId;

/// A webhook that gets no delivery of an event.
///
/// @param explanation the reason as text for users, with the values that were compared
public record SkippedDelivery(
    EventId event, WebhookId webhook, RoutingDecision.Reason reason, String explanation) {}
