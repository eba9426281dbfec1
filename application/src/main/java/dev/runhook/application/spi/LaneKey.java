package dev.runhook.application.spi;

import dev.runhook.domain.webhook.WebhookId;
import java.util.UUID;

/// A lane by the store's own key of its run; means nothing outside the store.
public record LaneKey(WebhookId webhook, UUID run) {}
