package dev.runhook.domain.event;

import java.util.UUID;

/// An event; the same on every delivery, retry and redelivery of it (`webhook-id`).
public record EventId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
