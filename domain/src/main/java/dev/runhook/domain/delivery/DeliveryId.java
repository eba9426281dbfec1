package dev.runhook.domain.delivery;

import java.util.UUID;

/// A delivery; the same on all of its attempts (`X-Runhook-Delivery`).
public record DeliveryId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
