package dev.runhook.domain.event;

import java.util.UUID;

/// The id of an event. Every attempt, retry and redelivery sends the same id as `webhook-id`.
public record EventId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
