package dev.runhook.application.spi;

import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Map;

/// What a dispatcher asks for when it claims due deliveries.
///
/// @param leaseDuration how long the dispatcher may keep each delivery
/// @param limit the maximum number of deliveries
/// @param limitOfFailing the maximum number of deliveries of failing webhooks, including probes of
///   paused ones
/// @param limitPerWebhook the maximum number of deliveries of one webhook, including those that the
///   dispatcher holds already
/// @param heldByWebhook how many deliveries the dispatcher holds, by webhook; a missing webhook
///   means none
public record ClaimRequest(
    Duration leaseDuration,
    int limit,
    int limitOfFailing,
    int limitPerWebhook,
    Map<WebhookId, Integer> heldByWebhook) {
  public ClaimRequest {
    heldByWebhook = Map.copyOf(heldByWebhook);
  }

  /// A request without a separate limit for failing webhooks.
  public ClaimRequest(
      Duration leaseDuration,
      int limit,
      int limitPerWebhook,
      Map<WebhookId, Integer> heldByWebhook) {
    this(leaseDuration, limit, limit, limitPerWebhook, heldByWebhook);
  }
}
