package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.ByteLimits;
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

  /// How many deliveries of a webhook are claimed for each attempt that may be in flight.
  private static final int CLAIMED_PER_ATTEMPT = 2;

  private final int maxInFlightPerWebhook;
  private final long maxBytesPerWebhook;
  private final Map<WebhookId, WebhookQueue> queues = new HashMap<>();

  /// The least recently used classes are dropped. An unknown class is not stored.
  private final Map<WebhookId, ReceiverClass> receiverClasses =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WebhookId, ReceiverClass> eldest) {
          return size() > MAX_RECEIVER_CLASSES;
        }
      };

  WebhookQueues(int maxInFlightPerWebhook, long maxBytesPerWebhook) {
    this.maxInFlightPerWebhook = maxInFlightPerWebhook;
    this.maxBytesPerWebhook = maxBytesPerWebhook;
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

  /// Returns whether it is not worthwhile to claim more deliveries of the webhook.
  boolean isFull(WebhookQueue queue) {
    return queue.held() >= maxInFlightPerWebhook || queue.bytes > maxBytesPerWebhook / 2;
  }

  /// Returns whether the webhook holds fewer bytes than it may. The last delivery may exceed them.
  boolean hasBytes(WebhookQueue queue) {
    return queue.bytes < maxBytesPerWebhook;
  }

  /// Returns the limits for a claim, and remembers the webhooks that can get nothing from it.
  ByteLimits byteLimits(long total, long ofFailing) {
    Map<WebhookId, Long> held = new HashMap<>();
    queues.forEach((webhook, queue) -> {
      queue.overflowed |= !hasBytes(queue);
      held.put(webhook, queue.bytes);
    });
    return new ByteLimits(total, ofFailing, maxBytesPerWebhook, held);
  }

  /// Returns the maximum number of deliveries of one webhook that a claim may add up to.
  int claimLimit() {
    return CLAIMED_PER_ATTEMPT * maxInFlightPerWebhook;
  }

  /// Returns how many deliveries are held for each webhook, without the webhooks that have none. A
  /// webhook that holds as many bytes as it may counts as full.
  Map<WebhookId, Integer> heldByWebhook() {
    Map<WebhookId, Integer> counts = new HashMap<>();
    queues.forEach((webhook, queue) -> {
      if (queue.held() > 0) {
        int count = queue.held();
        counts.put(webhook, hasBytes(queue) ? count : Math.max(count, claimLimit()));
      }
    });
    return counts;
  }
}
