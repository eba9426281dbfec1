package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Webhook;
import java.util.Optional;

/// A delivery to be added.
///
/// @param leased whether the caller would send it at once, should it be the head of its lane
public record NewDelivery(
    DeliveryId id, Webhook webhook, DeliveryContent content, boolean leaseIfHead) {
  /// The parcel that this becomes when it is leased at once.
  public LeasedDelivery toLeasedDelivery() {
    return new LeasedDelivery(new Lease(id, 1, 0), webhook, content);
  }

  /// The same where that version of its run was told to the webhook before.
  public LeasedDelivery toLeasedDelivery(Optional<Long> previous) {
    DeliveryContent after =
        new DeliveryContent(
            content.event(),
            content.kind(),
            content.transition().map(transitionRef -> transitionRef.withPreviousVersion(previous)),
            content.payload(),
            content.redeliveryOf(),
            content.trace());
    return new LeasedDelivery(new Lease(id, 1, 0), webhook, after);
  }
}
