package dev.runhook.application.dispatch;

import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The lines of a [FairQueue] that anything is held of, and what is known of webhooks, whether they
/// have a line or not. Guarded by the queue's lock.
final class WebhookQueues {
  private final int placesPerWebhook;
  private final Map<WebhookId, WebhookQueue> lines = new HashMap<>();
  private final ReceiverClasses receiverClasses = new ReceiverClasses();

  WebhookQueues(int placesPerWebhook) {
    this.placesPerWebhook = placesPerWebhook;
  }

  /// Its line, or a new one.
  WebhookQueue of(WebhookId webhook) {
    return lines.computeIfAbsent(
        webhook, id -> new WebhookQueue(id, placesPerWebhook, receiverClasses.of(id)));
  }

  Collection<WebhookQueue> all() {
    return List.copyOf(lines.values());
  }

  void removeIfEmpty(WebhookQueue webhookQueue) {
    if (webhookQueue.isRemovable()) {
      lines.remove(webhookQueue.webhook);
    }
  }

  void reclassify(WebhookQueue webhookQueue, ReceiverClass receiverClass) {
    receiverClasses.set(webhookQueue.webhook, receiverClass);
    webhookQueue.reclassify(receiverClass);
  }

  boolean isFull(WebhookQueue webhookQueue) {
    return webhookQueue.held() >= placesPerWebhook;
  }

  /// How many parcels are held of each webhook of which there are any.
  Map<WebhookId, Integer> heldByWebhook() {
    Map<WebhookId, Integer> counts = new HashMap<>();
    lines.forEach((webhook, webhookQueue) -> {
      if (webhookQueue.held() > 0) {
        counts.put(webhook, webhookQueue.held());
      }
    });
    return counts;
  }
}
