package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// Runs the same work in several threads at the same time.
final class Concurrently {
  private Concurrently() {}

  /// Returns when all threads have ended. Fails if one of them threw an exception.
  static void run(int threads, Runnable work) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(threads);
    Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      started.add(
          Thread.ofVirtual()
              .uncaughtExceptionHandler((ignored, failure) -> thrown.add(failure))
              .start(() -> {
                ready.countDown();
                awaitAll(ready);
                work.run();
              }));
    }
    for (Thread thread : started) {
      thread.join();
    }
    assertThat(thrown).isEmpty();
  }

  private static void awaitAll(CountDownLatch ready) {
    try {
      ready.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the start", e);
    }
  }
}
