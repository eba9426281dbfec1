package dev.runhook.domain.delivery;

import java.util.UUID;

/// The id of a replay, a UUID of version 7. It is smaller than the ids of its deliveries.
public record ReplayId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
