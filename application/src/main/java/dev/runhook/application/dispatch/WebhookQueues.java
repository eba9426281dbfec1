package dev.runhook.application.dispatch;

import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The queues of the webhooks with deliveries in a [FairQueue], and the classes of receivers, which
/// are kept longer. Guarded by the lock of the [FairQueue].
final class WebhookQueues {
  private static final int MAX_RECEIVER_CLASSES = 50_000;

  private final int maxInFlightPerWebhook;
  private final Map<WebhookId, WebhookQueue> queues = new HashMap<>();

  /// The least recently used classes are dropped. An unknown class is not stored.
  private final Map<WebhookId, ReceiverClass> receiverClasses =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WebhookId, ReceiverClass> eldest) {
          return size() > MAX_RECEIVER_CLASSES;
        }
      };

  WebhookQueues(int maxInFlightPerWebhook) {
    this.maxInFlightPerWebhook = maxInFlightPerWebhook;
  }

  /// Returns the webhook's queue, and creates it if needed.
  WebhookQueue of(WebhookId webhook) {
    return queues.computeIfAbsent(
        webhook,
        id ->
            new WebhookQueue(
                id,
                maxInFlightPerWebhook,
                receiverClasses.getOrDefault(id, ReceiverClass.UNKNOWN)));
  }

  Collection<WebhookQueue> all() {
    return List.copyOf(queues.values());
  }

  void removeIfEmpty(WebhookQueue queue) {
    if (queue.isRemovable()) {
      queues.remove(queue.webhook);
    }
  }

  void reclassify(WebhookQueue queue, ReceiverClass receiverClass) {
    if (receiverClass == ReceiverClass.UNKNOWN) {
      receiverClasses.remove(queue.webhook);
    } else {
      receiverClasses.put(queue.webhook, receiverClass);
    }
    queue.receiverClass = receiverClass;
  }

  boolean isFull(WebhookQueue queue) {
    return queue.held() >= maxInFlightPerWebhook;
  }

  /// Returns how many deliveries are held for each webhook, without the webhooks that have none.
  Map<WebhookId, Integer> heldByWebhook() {
    Map<WebhookId, Integer> counts = new HashMap<>();
    queues.forEach((webhook, queue) -> {
      if (queue.held() > 0) {
        counts.put(webhook, queue.held());
      }
    });
    return counts;
  }
}
