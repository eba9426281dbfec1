package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.receiver.DeliveryResponse;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.ReceiverBehavior;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts what came, until all that is waited for were answered. Thread-safe.
final class ReceivedCounter {
  private final AtomicInteger came = new AtomicInteger();
  private final AtomicInteger verified = new AtomicInteger();
  private final boolean endless;
  private final CountDownLatch missing;

  /// @param awaited 0 for no end
  ReceivedCounter(int awaited) {
    this.endless = awaited == 0;
    this.missing = new CountDownLatch(endless ? 1 : awaited);
  }

  /// The conduct, and counting when an answer was sent.
  ReceiverBehavior counting(ReceiverBehavior behavior) {
    return new ReceiverBehavior() {
      @Override
      public DeliveryResponse respond(ReceivedDelivery delivery) throws InterruptedException {
        return behavior.respond(delivery);
      }

      @Override
      public void onResponseSent(ReceivedDelivery delivery) {
        if (!endless) {
          missing.countDown();
        }
      }
    };
  }

  void add(ReceivedDelivery delivery) {
    came.incrementAndGet();
    if (delivery.verification().isVerified()) {
      verified.incrementAndGet();
    }
  }

  void awaitAll() throws InterruptedException {
    missing.await();
  }

  boolean allVerified() {
    return verified.get() == came.get();
  }

  String summary() {
    return "Received " + came + ", verified " + verified + ".";
  }
}
