package dev.runhook.application.outbox;

import dev.runhook.domain.webhook.Webhook;

/// A webhook before and after a change; both are the same if nothing has changed.
public record WebhookChange(Webhook before, Webhook after) {
  /// Whether the webhook has become active again.
  public boolean isRecovery() {
    return after.isRecoveredFrom(before);
  }
}
