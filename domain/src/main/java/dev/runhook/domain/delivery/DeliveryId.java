package dev.runhook.domain.delivery;

import java.time.Instant;
import java.util.UUID;

/// The id of a delivery, a UUID of version 7. All attempts send the same id as
/// `X-Runhook-Delivery`.
public record DeliveryId(UUID value) {
  private static final int MILLIS_SHIFT = 16;

  /// Returns the creation time in milliseconds, which the id contains. A time range of deliveries
  /// is therefore a range of ids.
  public Instant createdAt() {
    return Instant.ofEpochMilli(value.getMostSignificantBits() >>> MILLIS_SHIFT);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
