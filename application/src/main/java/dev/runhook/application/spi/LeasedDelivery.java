package dev.runhook.application.spi;

import dev.runhook.domain.webhook.Webhook;

/// All that sending needs, read once.
public record LeasedDelivery(Lease lease, Webhook webhook, DeliveryContent content) {}
