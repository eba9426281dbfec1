package dev.runhook.application.outbox;

import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/// Takes new deliveries directly to the dispatcher of this process, without a second read. Before
/// the transaction, the recorder takes a slot. After it, the recorder either submits the delivery
/// or frees the slot. The defaults take nothing. Thread-safe.
public interface DispatchHandoff {
  /// Returns a handoff that takes nothing, for processes whose deliveries another process sends.
  static DispatchHandoff none() {
    return wakeOnly(() -> {});
  }

  /// Returns a handoff that takes nothing but wakes the process that sends.
  ///
  /// @param wakeOthers must return immediately; if a call is lost, the next poll of the other
  ///   process finds the deliveries
  static DispatchHandoff wakeOnly(Runnable wakeOthers) {
    return wakeOthers::run;
  }

  /// Returns how long submitted deliveries are leased to this process.
  default Duration leaseDuration() {
    return Duration.ZERO;
  }

  /// Returns this moment. Leases are measured from the moment before the transaction.
  default Moment now() {
    return new Moment(0, Instant.EPOCH);
  }

  /// Takes a slot for one delivery of the webhook.
  ///
  /// @param bytes the length of its payload
  /// @return false if there is none; the dispatcher claims the delivery later
  default boolean takeSlot(Webhook webhook, long bytes) {
    return false;
  }

  /// Frees a slot that is not needed.
  ///
  /// @param bytes as in [#takeSlot]
  default void freeSlot(Webhook webhook, long bytes) {}

  /// Submits deliveries that are leased to this process, each with a slot. Never throws: a delivery
  /// that cannot be sent from here is claimed again when its lease expires.
  ///
  /// @param leasedAt a moment before the leases began
  default void submit(Collection<LeasedDelivery> deliveries, Moment leasedAt) {
    throw new IllegalStateException("no slot was taken");
  }

  /// Signals that other deliveries are due, which were not submitted.
  void wake();
}
