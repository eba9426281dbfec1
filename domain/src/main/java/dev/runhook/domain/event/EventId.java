package dev.runhook.domain.event;

import java.time.Instant;
import java.util.UUID;

/// The id of an event, a UUID of version 7. Every attempt, retry and redelivery sends the same id
/// as `webhook-id`.
public record EventId(UUID value) {
  private static final int MILLIS_SHIFT = 16;

  /// Returns the creation time in milliseconds, which the id contains. A time range of events is
  /// therefore a range of ids.
  public Instant createdAt() {
    return Instant.ofEpochMilli(value.getMostSignificantBits() >>> MILLIS_SHIFT);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
