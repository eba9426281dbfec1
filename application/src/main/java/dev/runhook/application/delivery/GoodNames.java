package dev.runhook.application.delivery;

import dev.runhook.domain.webhook.WebhookId;
import java.util.LinkedHashMap;
import java.util.Map;

/// The webhooks whose last attempt from here was delivered; of very many, those that were asked for
/// last. Guarded by the queue's lock.
final class GoodNames {
  private static final int MOST = 50_000;

  private final Map<WebhookId, Boolean> names =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WebhookId, Boolean> eldest) {
          return size() > MOST;
        }
      };

  boolean has(WebhookId webhook) {
    return names.getOrDefault(webhook, false);
  }

  void set(WebhookId webhook, boolean good) {
    if (good) {
      names.put(webhook, true);
    } else {
      names.remove(webhook);
    }
  }
}
