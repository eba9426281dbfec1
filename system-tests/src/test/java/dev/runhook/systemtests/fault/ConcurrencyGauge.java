package dev.runhook.systemtests.fault;

import java.util.concurrent.atomic.AtomicInteger;

/// How many there are at a time, and the most that there ever were. Thread-safe.
final class ConcurrencyGauge {
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger max = new AtomicInteger();

  void enter() {
    int present = now.incrementAndGet();
    max.accumulateAndGet(present, Math::max);
  }

  void leave() {
    now.decrementAndGet();
  }

  int max() {
    return max.get();
  }
}
