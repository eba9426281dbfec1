package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;

/// A finished delivery that may be redelivered, and its event.
public record RedeliveryCandidate(DeliveryId delivery, EventId event) {}
