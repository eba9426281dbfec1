package dev.runhook.application.spi;

import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Map;

/// How much a taker can take.
///
/// @param lease how long it may keep each
/// @param limit at most so many in all
/// @param failing at most so many of webhooks that are failing, probes of paused ones among them
/// @param perWebhook at most so many of one webhook, less what it holds already
/// @param held how many it holds of webhooks; the others it holds none of
public record ClaimRequest(
    Duration leaseDuration,
    int limit,
    int limitOfFailing,
    int limitPerWebhook,
    Map<WebhookId, Integer> heldByWebhook) {
  public ClaimRequest {
    heldByWebhook = Map.copyOf(heldByWebhook);
  }

  /// Whosever they are.
  public ClaimRequest(Duration lease, int limit, int perWebhook, Map<WebhookId, Integer> held) {
    this(lease, limit, limit, perWebhook, held);
  }
}
