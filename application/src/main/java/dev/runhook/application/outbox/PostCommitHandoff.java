package dev.runhook.application.outbox;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
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
final class PostCommitHandoff {
  private final DispatchHandoff dispatchHandoff;
  private final List<Webhook> reserved = new ArrayList<>();
  private final List<NewDelivery> deliveries = new ArrayList<>();
  private final Map<DeliveryId, LeasedDelivery> leased = new HashMap<>();
  private final AtomicLong begun = new AtomicLong();

  PostCommitHandoff(DispatchHandoff intake) {
    this.dispatchHandoff = intake;
  }

  /// Before each try of the transaction: forgets the one before, and takes the tick that leases are
  /// measured from.
  void begin() {
    afterRollback();
    begun.set(dispatchHandoff.nanoTime());
  }

  /// Whether a delivery to this webhook could be sent at once; if so, a place is kept for it.
  boolean reserveSlot(Webhook webhook) {
    boolean taken =
        webhook.health() instanceof Health.Active && dispatchHandoff.reserveSlot(webhook.id());
    if (taken) {
      reserved.add(webhook);
    }
    return taken;
  }

  Duration leaseDuration() {
    return dispatchHandoff.leaseDuration();
  }

  /// Remembers what was added, and which of it the store leased to us.
  void add(Collection<NewDelivery> added, List<LeasedDelivery> leasedToUs) {
    deliveries.addAll(added);
    leasedToUs.forEach(
        leasedDelivery -> leased.put(leasedDelivery.lease().delivery(), leasedDelivery));
  }

  /// After the commit: hands over what is leased, gives back the other places.
  void afterCommit() {
    List<LeasedDelivery> parcels = new ArrayList<>();
    boolean left = false;
    for (NewDelivery delivery : deliveries) {
      LeasedDelivery ours = leased.get(delivery.id());
      if (ours != null) {
        parcels.add(ours);
      } else if (delivery.leaseIfHead()) {
        dispatchHandoff.releaseSlot(delivery.webhook().id());
      } else {
        left = true;
      }
    }
    if (!parcels.isEmpty()) {
      dispatchHandoff.submit(parcels, begun.get());
    }
    if (left) {
      dispatchHandoff.wake();
    }
  }

  /// After a rollback: gives all places back.
  void afterRollback() {
    reserved.forEach(webhook -> dispatchHandoff.releaseSlot(webhook.id()));
    reserved.clear();
    deliveries.clear();
    leased.clear();
  }
}
