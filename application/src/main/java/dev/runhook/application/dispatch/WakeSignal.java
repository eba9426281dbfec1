package dev.runhook.application.dispatch;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets one wait until somebody calls; calls while nobody waits count as one. Thread-safe.
final class WakeSignal {
  private final Semaphore called = new Semaphore(0);

  void wake() {
    if (called.availablePermits() == 0) {
      called.release();
    }
  }

  void await(Duration atMost) throws InterruptedException {
    if (called.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      called.drainPermits();
    }
  }
}
