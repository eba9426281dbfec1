package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;

/// An attempt that ended, and what that means.
public record Settlement(Lease lease, Attempt attempt, Fate fate) {}
