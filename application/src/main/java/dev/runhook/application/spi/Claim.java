package dev.runhook.application.spi;

import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Map;

/// How much a taker can take.
///
/// @param lease how long it may keep each
/// @param limit at most so many in all
/// @param perWebhook at most so many of one webhook, less what it holds already
/// @param held how many it holds of webhooks; the others it holds none of
public record Claim(Duration lease, int limit, int perWebhook, Map<WebhookId, Integer> held) {
  public Claim {
    held = Map.copyOf(held);
  }
}
