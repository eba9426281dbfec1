package dev.runhook.bench.system;

import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.system.SystemUnderTest.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// Threads that each send one report after another, as fast as the window allows.
final class Callers {
  private static final long POLL_NANOS = 1_000_000;

  private final ExecutorService threads;
  private final int callers;
  private final BackpressureWindow window;

  Callers(ExecutorService threads, int callers, BackpressureWindow window) {
    this.threads = threads;
    this.callers = callers;
    this.window = window;
  }

  TimeSpan run(int count, IntConsumer report) {
    Semaphore permits = new Semaphore(0);
    AtomicInteger next = new AtomicInteger();
    long from = System.nanoTime();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      running.add(CompletableFuture.runAsync(() -> call(count, report, permits, next), threads));
    }
    grantPermits(count, permits);
    permits.release(callers); // wakes waiting callers, which then end
    running.forEach(CompletableFuture::join);
    return new TimeSpan(from, System.nanoTime());
  }

  private void grantPermits(int count, Semaphore permits) {
    int sent = 0;
    while (sent < count) {
      int allowed = Math.min(window.remaining(sent), count - sent);
      if (allowed > 0) {
        permits.release(allowed);
        sent += allowed;
      } else {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private static void call(int count, IntConsumer report, Semaphore permits, AtomicInteger next) {
    while (next.get() < count) {
      permits.acquireUninterruptibly();
      int number = next.getAndIncrement();
      if (number < count) {
        report.accept(number);
      }
    }
  }
}
