package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;

/// A delivery to be repeated, and the event that it told.
public record RedeliveryCandidate(DeliveryId delivery, EventId event) {}
