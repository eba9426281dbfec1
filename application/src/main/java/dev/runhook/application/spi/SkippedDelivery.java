package dev.runhook.application.spi;

import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.WebhookId;

/// A webhook did not hear of an event, and why.
///
/// @param why the reason for people, with the values used
public record SkippedDelivery(
    EventId event, WebhookId webhook, RoutingDecision.Reason reason, String explanation) {}
