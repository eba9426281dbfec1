package dev.runhook.persistence.delivery;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;

/// A delivery that was leased.
///
/// @param wanted what the webhook wants now
/// @param formatted whether the webhook has, or had, another format than Runhook's
record DeliveryTarget(
    DeliveryId delivery,
    EventId event,
    WebhookId webhook,
    RenderingKey wanted,
    boolean formatted) {}
