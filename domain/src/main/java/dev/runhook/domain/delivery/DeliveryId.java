package dev.runhook.domain.delivery;

import dev.runhook.domain.event.EventId;
import java.time.Instant;
import java.util.UUID;

/// The id of a delivery, a UUID of version 7. All attempts send the same id as
/// `X-Runhook-Delivery`.
public record DeliveryId(UUID value) {
  /// Returns the creation time in milliseconds, as [EventId#createdAt] does.
  public Instant createdAt() {
    return new EventId(value).createdAt();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
