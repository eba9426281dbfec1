package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;

/// The right to make one attempt of a delivery.
///
/// @param attempt the attempt's number; a later attempt of another taker makes this lease worthless
/// @param failures how many attempts have failed before, by the schedule's count
public record Lease(DeliveryId delivery, int attempt, int failures) {}
