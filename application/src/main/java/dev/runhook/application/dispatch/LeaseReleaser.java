package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;

/// Gives back to the store what this process has taken and will not send: because its webhook's
/// health is another now, because it became too late to begin, or because the process stops.
final class LeaseReleaser {
  private final FairQueue queue;
  private final Transactor transactor;
  private final DispatchObserver observer;

  LeaseReleaser(FairQueue queue, Transactor transactor, DispatchObserver observer) {
    this.queue = queue;
    this.transactor = transactor;
    this.observer = observer;
  }

  /// What waits was taken when the webhook was in another mood: it goes back, to be claimed as the
  /// new one allows. Says whether that may be at once, since the webhook is well again.
  boolean afterHealthChange(CompletionTransaction.WebhookChange change) {
    Webhook webhook = change.after();
    if (!(webhook.health() instanceof Health.Active)) {
      release(queue.evict(webhook.id()));
      return false;
    }
    boolean wellAgain = !(change.before().health() instanceof Health.Active);
    if (wellAgain) {
      queue.rampUp(webhook.id());
    }
    return wellAgain;
  }

  /// Nothing more is taken from the queue.
  void closeQueue() {
    release(queue.close());
  }

  void release(List<QueuedDelivery> unsent) {
    if (unsent.isEmpty()) {
      return;
    }
    List<Lease> leases =
        unsent.stream().map(queuedDelivery -> queuedDelivery.leased().lease()).toList();
    try {
      transactor.run(unit -> unit.deliveries().release(leases));
    } catch (RuntimeException e) { // they come back when their leases end
      observer.onError("giving back " + leases.size() + " deliveries", e);
    }
  }
}
