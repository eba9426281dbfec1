package dev.runhook.domain.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An attempt that counts against a webhook.
///
/// @param endedAt by the store's clock
/// @param error a sentence for users
/// @param isProbe whether it started while the webhook was paused
/// @param retryAfter how long the receiver asks to be left alone
public record FailedAttempt(
    Instant endedAt, String error, boolean isProbe, Optional<Duration> retryAfter) {}
