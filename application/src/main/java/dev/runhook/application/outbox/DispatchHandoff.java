package dev.runhook.application.outbox;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Collection;

/// Where what was just recorded goes straight to the sender, with no second read. Whoever records
/// asks for a place before the transaction, and after it either hands the parcel over or gives the
/// place back. Thread-safe.
public interface DispatchHandoff {
  /// No intake: another process sends what is recorded here.
  static DispatchHandoff none() {
    return wakeOnly(() -> {});
  }

  /// No intake here, but a way to wake whoever sends.
  ///
  /// @param wakeOthers must return at once; losing a call costs no more than the others' next poll
  static DispatchHandoff wakeOnly(Runnable wakeOthers) {
    return new WakeOnlyHandoff(wakeOthers);
  }

  /// How long what is handed over is leased to this process.
  Duration leaseDuration();

  /// This moment in nanoseconds by the process's ticker, to be taken before a transaction whose
  /// leases are measured from it.
  long nanoTime();

  /// Takes a place for one parcel of the webhook; false where there is none, so that the parcel is
  /// better left to be claimed later.
  boolean reserveSlot(WebhookId webhook);

  /// Gives a place back that was not needed after all.
  void releaseSlot(WebhookId webhook);

  /// Hands over parcels that are leased to this process, each with a place reserved. Never throws:
  /// what was recorded is recorded, and what cannot be sent from here comes back when its lease
  /// ends.
  ///
  /// @param leasedAt a tick from before the leases began
  void submit(Collection<LeasedDelivery> parcels, long leasedAt);

  /// Tells that something became due that was not handed over.
  void wake();
}
