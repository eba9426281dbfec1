package dev.runhook.application.dispatch;

import dev.runhook.domain.webhook.WebhookId;
import java.util.LinkedHashMap;
import java.util.Map;

/// The webhooks of which something is known; of very many, those that were asked for last. Guarded
/// by the queue's lock.
final class ReceiverClasses {
  private static final int MOST = 50_000;

  private final Map<WebhookId, ReceiverClass> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WebhookId, ReceiverClass> eldest) {
          return size() > MOST;
        }
      };

  ReceiverClass of(WebhookId webhook) {
    return known.getOrDefault(webhook, ReceiverClass.UNKNOWN);
  }

  void set(WebhookId webhook, ReceiverClass receiverClass) {
    if (receiverClass == ReceiverClass.UNKNOWN) {
      known.remove(webhook);
    } else {
      known.put(webhook, receiverClass);
    }
  }
}
