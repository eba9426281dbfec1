package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.CompletionTransaction.WebhookChange;
import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;

/// Releases the leases of deliveries that this process will not send: their webhook's health has
/// changed, it is too late to start the attempt, or the process is stopping.
final class LeaseReleaser {
  private final FairQueue queue;
  private final Transactor transactor;
  private final DispatchObserver observer;

  LeaseReleaser(FairQueue queue, Transactor transactor, DispatchObserver observer) {
    this.queue = queue;
    this.transactor = transactor;
    this.observer = observer;
  }

  /// Releases the queued deliveries of a webhook that is no longer active. They were claimed under
  /// its previous health and are claimed again as the new one allows.
  ///
  /// @return whether the webhook has recovered, so that more of its deliveries can be claimed
  boolean afterHealthChange(WebhookChange change) {
    Webhook webhook = change.after();
    if (!(webhook.health() instanceof Health.Active)) {
      release(queue.evict(webhook.id()));
      return false;
    }
    boolean hasRecovered = !(change.before().health() instanceof Health.Active);
    if (hasRecovered) {
      queue.rampUp(webhook.id());
    }
    return hasRecovered;
  }

  void closeQueue() {
    release(queue.close());
  }

  void release(List<QueuedDelivery> unsent) {
    if (unsent.isEmpty()) {
      return;
    }
    List<Lease> leases = unsent.stream().map(queued -> queued.leased().lease()).toList();
    try {
      transactor.run(unit -> unit.deliveries().release(leases));
    } catch (RuntimeException e) { // the deliveries become due when their leases expire
      observer.onError("releasing " + leases.size() + " deliveries", e);
    }
  }
}
