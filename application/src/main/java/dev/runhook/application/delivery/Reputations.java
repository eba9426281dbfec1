package dev.runhook.application.delivery;

import dev.runhook.domain.webhook.WebhookId;
import java.util.LinkedHashMap;
import java.util.Map;

/// The webhooks of which something is known; of very many, those that were asked for last. Guarded
/// by the queue's lock.
final class Reputations {
  private static final int MOST = 50_000;

  private final Map<WebhookId, Reputation> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WebhookId, Reputation> eldest) {
          return size() > MOST;
        }
      };

  Reputation of(WebhookId webhook) {
    return known.getOrDefault(webhook, Reputation.UNCERTAIN);
  }

  void set(WebhookId webhook, Reputation reputation) {
    if (reputation == Reputation.UNCERTAIN) {
      known.remove(webhook);
    } else {
      known.put(webhook, reputation);
    }
  }
}
