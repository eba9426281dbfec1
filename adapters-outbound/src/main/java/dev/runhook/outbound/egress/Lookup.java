package dev.runhook.outbound.egress;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// One lookup of a name, which waits for a thread, runs once, and may have many callers.
/// Thread-safe.
final class Lookup {
  private final boolean refresh;
  private final Runnable work;
  private final LongSupplier nanoTime;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile long startedAt;
  private volatile boolean started;

  /// @param refresh whether the name has worked before
  Lookup(boolean refresh, LongSupplier nanoTime, Runnable work) {
    this.refresh = refresh;
    this.nanoTime = nanoTime;
    this.work = work;
  }

  boolean isRefresh() {
    return refresh;
  }

  boolean isStarted() {
    return started;
  }

  void markStarted() {
    startedAt = nanoTime.getAsLong();
    started = true;
  }

  void run() {
    try {
      work.run();
    } finally {
      done.countDown();
    }
  }

  /// Returns how long the lookup has had a thread.
  Duration elapsed() {
    return started ? Duration.ofNanos(nanoTime.getAsLong() - startedAt) : Duration.ZERO;
  }

  /// Waits until the lookup is done. Returns whether it is.
  boolean await(Duration timeout) throws InterruptedException {
    return done.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
