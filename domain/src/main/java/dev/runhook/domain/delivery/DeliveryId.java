package dev.runhook.domain.delivery;

import java.time.Instant;
import java.util.UUID;

/// A delivery; the same on all of its attempts (`X-Runhook-Delivery`). A UUID of version 7.
public record DeliveryId(UUID value) {
  private static final int MILLIS_SHIFT = 16;

  /// When the delivery came to be, to the millisecond: the id says so itself. So deliveries of a
  /// span of time are those of a range of ids.
  public Instant createdAt() {
    return Instant.ofEpochMilli(value.getMostSignificantBits() >>> MILLIS_SHIFT);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
