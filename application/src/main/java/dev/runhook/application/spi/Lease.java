package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;

/// The right to make one attempt of a delivery.
///
/// @param attempt the number of the attempt; a lease with a higher number invalidates this one
/// @param failures how many attempts of the schedule have failed so far
public record Lease(DeliveryId delivery, int attempt, int failures) {}
