package dev.runhook.application.outbox;

import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The places that one transaction reserves at the intake. However the transaction ends, each of
/// them is used or given back.
final class HandOver {
  private final Intake intake;
  private final List<Webhook> reserved = new ArrayList<>();
  private final List<NewDelivery> deliveries = new ArrayList<>();
  private final Map<DeliveryId, Parcel> leased = new HashMap<>();
  private final AtomicLong begun = new AtomicLong();

  HandOver(Intake intake) {
    this.intake = intake;
  }

  /// Before each try of the transaction: forgets the one before, and takes the tick that leases are
  /// measured from.
  void begin() {
    abandon();
    begun.set(intake.tick());
  }

  /// Whether a delivery to this webhook could be sent at once; if so, a place is kept for it.
  boolean reserve(Webhook webhook) {
    boolean taken = webhook.health() instanceof Health.Active && intake.reserve(webhook.id());
    if (taken) {
      reserved.add(webhook);
    }
    return taken;
  }

  Duration lease() {
    return intake.lease();
  }

  /// Remembers what was added, and which of it the store leased to us.
  void added(Collection<NewDelivery> added, List<Parcel> leasedToUs) {
    deliveries.addAll(added);
    leasedToUs.forEach(parcel -> leased.put(parcel.lease().delivery(), parcel));
  }

  /// After the commit: hands over what is leased, gives back the other places.
  void complete() {
    List<Parcel> parcels = new ArrayList<>();
    boolean left = false;
    for (NewDelivery delivery : deliveries) {
      Parcel ours = leased.get(delivery.id());
      if (ours != null) {
        parcels.add(ours);
      } else if (delivery.leased()) {
        intake.giveBack(delivery.webhook().id());
      } else {
        left = true;
      }
    }
    if (!parcels.isEmpty()) {
      intake.accept(parcels, begun.get());
    }
    if (left) {
      intake.wake();
    }
  }

  /// After a rollback: gives all places back.
  void abandon() {
    reserved.forEach(webhook -> intake.giveBack(webhook.id()));
    reserved.clear();
    deliveries.clear();
    leased.clear();
  }
}
