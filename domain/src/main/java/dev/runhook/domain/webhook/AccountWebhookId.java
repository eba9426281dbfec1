package dev.runhook.domain.webhook;

import java.util.UUID;

/// The id of an account webhook.
public record AccountWebhookId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
