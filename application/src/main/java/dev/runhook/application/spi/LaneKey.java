package dev.runhook.application.spi;

import dev.runhook.domain.webhook.WebhookId;
import java.util.UUID;

/// Identifies a lane.
///
/// @param run the store's internal key of the run
public record LaneKey(WebhookId webhook, UUID run) {}
