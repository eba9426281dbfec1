package dev.runhook.systemtests.fault;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts what is active at the same time and records the maximum. Thread-safe.
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
