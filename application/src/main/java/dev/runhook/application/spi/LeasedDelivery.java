package dev.runhook.application.spi;

import dev.runhook.domain.webhook.Webhook;

/// A delivery that is leased to this process, with everything that an attempt needs.
public record LeasedDelivery(Lease lease, Webhook webhook, DeliveryContent content) {}
