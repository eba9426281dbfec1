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

/// The slots that one transaction reserves at the dispatcher. However the transaction ends, each
/// slot is used or released. Not thread-safe: one thread runs a transaction.
final class PostCommitHandoff {
  private final DispatchHandoff dispatcher;
  private final List<NewDelivery> reserved = new ArrayList<>();
  private final List<NewDelivery> deliveries = new ArrayList<>();
  private final Map<DeliveryId, LeasedDelivery> leased = new HashMap<>();
  private long startedAt;

  PostCommitHandoff(DispatchHandoff dispatcher) {
    this.dispatcher = dispatcher;
  }

  /// Starts an attempt at the transaction, and discards the previous attempt.
  void begin() {
    afterRollback();
    startedAt = dispatcher.nanoTime();
  }

  /// Reserves a slot if the webhook is active and this process can send to it immediately.
  ///
  /// @return the delivery, with [NewDelivery#leaseIfHead] if a slot is reserved
  NewDelivery reserveSlot(NewDelivery delivery) {
    Webhook webhook = delivery.webhook();
    boolean isReserved =
        webhook.health() instanceof Health.Active
            && dispatcher.reserveSlot(webhook.id(), delivery.bytes());
    if (!isReserved) {
      return delivery;
    }
    reserved.add(delivery);
    return new NewDelivery(delivery.id(), webhook, delivery.content(), true);
  }

  Duration leaseDuration() {
    return dispatcher.leaseDuration();
  }

  /// @param leasedHere those of the added deliveries that the store leased to this process
  void add(Collection<NewDelivery> added, List<LeasedDelivery> leasedHere) {
    deliveries.addAll(added);
    leasedHere.forEach(delivery -> leased.put(delivery.lease().delivery(), delivery));
  }

  /// Submits the leased deliveries, and releases the other slots.
  void afterCommit() {
    List<LeasedDelivery> submitted = new ArrayList<>();
    boolean othersDue = false;
    for (NewDelivery delivery : deliveries) {
      LeasedDelivery leasedHere = leased.get(delivery.id());
      if (leasedHere != null) {
        submitted.add(leasedHere);
      } else if (delivery.leaseIfHead()) {
        releaseSlot(delivery);
      } else {
        othersDue = true;
      }
    }
    if (!submitted.isEmpty()) {
      dispatcher.submit(submitted, startedAt);
    }
    if (othersDue) {
      dispatcher.wake();
    }
  }

  /// Releases all slots.
  void afterRollback() {
    reserved.forEach(this::releaseSlot);
    reserved.clear();
    deliveries.clear();
    leased.clear();
  }

  private void releaseSlot(NewDelivery delivery) {
    dispatcher.releaseSlot(delivery.webhook().id(), delivery.bytes());
  }
}
