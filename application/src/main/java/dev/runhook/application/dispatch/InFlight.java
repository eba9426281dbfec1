package dev.runhook.application.dispatch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts attempts that are started and not over. Thread-safe.
final class InFlight {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private final AtomicLong count = new AtomicLong();

  void increment() {
    count.incrementAndGet();
  }

  void decrement() {
    if (count.decrementAndGet() == 0) {
      lock.lock();
      try {
        none.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Waits until there are none.
  ///
  /// @return false if the timeout ended first
  boolean awaitNone(Duration timeout) throws InterruptedException {
    long remaining = timeout.toNanos();
    lock.lock();
    try {
      while (count.get() > 0 && remaining > 0) {
        remaining = none.awaitNanos(remaining);
      }
      return count.get() == 0;
    } finally {
      lock.unlock();
    }
  }
}
