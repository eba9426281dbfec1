package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.receiver.DeliveryResponse;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.ReceiverBehavior;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts deliveries and waits for an expected number of responses. Thread-safe.
final class ReceivedCounter {
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger verified = new AtomicInteger();
  private final boolean unlimited;
  private final CountDownLatch remaining;

  /// @param expected 0 for an unlimited number
  ReceivedCounter(int expected) {
    this.unlimited = expected == 0;
    this.remaining = new CountDownLatch(unlimited ? 1 : expected);
  }

  /// Wraps a behavior to count its responses.
  ReceiverBehavior counting(ReceiverBehavior behavior) {
    return new ReceiverBehavior() {
      @Override
      public DeliveryResponse respond(ReceivedDelivery delivery) throws InterruptedException {
        return behavior.respond(delivery);
      }

      @Override
      public void onResponseSent(ReceivedDelivery delivery) {
        if (!unlimited) {
          remaining.countDown();
        }
      }
    };
  }

  void add(ReceivedDelivery delivery) {
    received.incrementAndGet();
    if (delivery.verification().isVerified()) {
      verified.incrementAndGet();
    }
  }

  void awaitAll() throws InterruptedException {
    remaining.await();
  }

  boolean allVerified() {
    return verified.get() == received.get();
  }

  String summary() {
    return "Received " + received + ", verified " + verified + ".";
  }
}
