package dev.runhook.application.spi;

import dev.runhook.domain.webhook.WebhookId;

/// A webhook did not hear of a transition of a run.
///
/// @param why the reason for people, with the values used
public record SkippedTransition(long version, WebhookId webhook, String explanation) {}
