package dev.runhook.application.spi;

import dev.runhook.domain.webhook.WebhookId;

/// A webhook that gets no delivery of a transition.
///
/// @param explanation the reason as text for users, with the values that were compared
public record SkippedTransition(long version, WebhookId webhook, String explanation) {}
