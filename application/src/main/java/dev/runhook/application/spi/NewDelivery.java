package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Webhook;
import java.util.Optional;

/// A delivery to be added.
///
/// @param leased whether the caller would send it at once, should it be the head of its lane
public record NewDelivery(DeliveryId id, Webhook webhook, Letter letter, boolean leased) {
  /// The parcel that this becomes when it is leased at once.
  public Parcel parcel() {
    return new Parcel(new Lease(id, 1, 0), webhook, letter);
  }

  /// The same where that version of its run was told to the webhook before.
  public Parcel parcel(Optional<Long> previous) {
    Letter after =
        new Letter(
            letter.event(),
            letter.kind(),
            letter.move().map(move -> move.after(previous)),
            letter.payload(),
            letter.redeliveryOf(),
            letter.trace());
    return new Parcel(new Lease(id, 1, 0), webhook, after);
  }
}
