package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;

/// An attempt that ended, and what that means.
public record CompletedAttempt(Lease lease, Attempt attempt, Disposition disposition) {}
