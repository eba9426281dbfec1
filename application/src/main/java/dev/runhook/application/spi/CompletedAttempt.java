package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;

/// A finished attempt and its consequence for the delivery.
public record CompletedAttempt(Lease lease, Attempt attempt, Disposition disposition) {}
