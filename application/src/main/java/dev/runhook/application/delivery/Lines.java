package dev.runhook.application.delivery;

import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The lines of a [FairQueue] that anything is held of, and what is known of webhooks, whether they
/// have a line or not. Guarded by the queue's lock.
final class Lines {
  private final int placesPerWebhook;
  private final Map<WebhookId, Line> lines = new HashMap<>();
  private final Reputations reputations = new Reputations();

  Lines(int placesPerWebhook) {
    this.placesPerWebhook = placesPerWebhook;
  }

  /// Its line, or a new one.
  Line of(WebhookId webhook) {
    return lines.computeIfAbsent(webhook, id -> new Line(id, placesPerWebhook, reputations.of(id)));
  }

  Collection<Line> all() {
    return List.copyOf(lines.values());
  }

  void forgetIfEmpty(Line line) {
    if (line.isForgettable()) {
      lines.remove(line.webhook);
    }
  }

  void become(Line line, Reputation reputation) {
    reputations.set(line.webhook, reputation);
    line.becomes(reputation);
  }

  boolean isFull(Line line) {
    return line.held() >= placesPerWebhook;
  }

  /// How many parcels are held of each webhook of which there are any.
  Map<WebhookId, Integer> held() {
    Map<WebhookId, Integer> counts = new HashMap<>();
    lines.forEach((webhook, line) -> {
      if (line.held() > 0) {
        counts.put(webhook, line.held());
      }
    });
    return counts;
  }
}
