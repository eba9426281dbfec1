package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Webhook;

/// A delivery to be added.
///
/// @param leased whether the caller would send it at once, should it be the head of its lane
public record NewDelivery(DeliveryId id, Webhook webhook, Letter letter, boolean leased) {
  /// The parcel that this becomes when it is leased at once.
  public Parcel parcel() {
    return new Parcel(new Lease(id, 1, 0), webhook, letter);
  }
}
