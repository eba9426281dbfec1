package dev.runhook.bootstrap;

import dev.runhook.bootstrap.receiver.Conduct;
import dev.runhook.bootstrap.receiver.Received;
import dev.runhook.bootstrap.receiver.Reply;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts what came, until all that is waited for were answered. Thread-safe.
final class Attendance {
  private final AtomicInteger came = new AtomicInteger();
  private final AtomicInteger verified = new AtomicInteger();
  private final boolean endless;
  private final CountDownLatch missing;

  /// @param awaited 0 for no end
  Attendance(int awaited) {
    this.endless = awaited == 0;
    this.missing = new CountDownLatch(endless ? 1 : awaited);
  }

  /// The conduct, and counting when an answer was sent.
  Conduct over(Conduct conduct) {
    return new Conduct() {
      @Override
      public Reply reply(Received received) throws InterruptedException {
        return conduct.reply(received);
      }

      @Override
      public void replied(Received received) {
        if (!endless) {
          missing.countDown();
        }
      }
    };
  }

  void note(Received received) {
    came.incrementAndGet();
    if (received.verification().isVerified()) {
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
