package dev.runhook.application.dispatch;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes a waiting thread. Signals that are sent while no thread waits count as one. Thread-safe.
final class WakeSignal {
  private final Semaphore signal = new Semaphore(0);

  void wake() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  void await(Duration timeout) throws InterruptedException {
    if (signal.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      signal.drainPermits();
    }
  }
}
