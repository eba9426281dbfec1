package dev.runhook.bootstrap.fault;

import java.util.concurrent.atomic.AtomicInteger;

/// How many there are at a time, and the most that there ever were. Thread-safe.
final class Meter {
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  void enter() {
    int present = now.incrementAndGet();
    most.accumulateAndGet(present, Math::max);
  }

  void leave() {
    now.decrementAndGet();
  }

  int most() {
    return most.get();
  }
}
