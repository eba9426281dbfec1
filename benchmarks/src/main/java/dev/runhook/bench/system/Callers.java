package dev.runhook.bench.system;

import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Loopback;
import dev.runhook.bench.system.SystemUnderTest.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// Callers, each on a thread of its own, who take report after report, and wait while the window is
/// shut.
final class Callers {
  private static final long LOOK_NANOS = 1_000_000;

  private final ExecutorService threads;
  private final int callers;
  private final BackpressureWindow backpressureWindow;

  Callers(ExecutorService threads, int callers, BackpressureWindow window) {
    this.threads = threads;
    this.callers = callers;
    this.backpressureWindow = window;
  }

  TimeSpan run(int count, IntConsumer report) {
    Semaphore open = new Semaphore(0);
    AtomicInteger next = new AtomicInteger();
    long from = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      running.add(threads.submit(() -> call(count, report, open, next)));
    }
    letIn(count, open);
    open.release(callers); // so that all see that it is over
    running.forEach(Loopback::get);
    return new TimeSpan(from, System.nanoTime());
  }

  private void letIn(int count, Semaphore open) {
    int sent = 0;
    while (sent < count) {
      int room = Math.min(backpressureWindow.remaining(sent), count - sent);
      if (room > 0) {
        open.release(room);
        sent += room;
      } else {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private static void call(int count, IntConsumer report, Semaphore open, AtomicInteger next) {
    while (next.get() < count) {
      open.acquireUninterruptibly();
      int number = next.getAndIncrement();
      if (number < count) {
        report.accept(number);
      }
    }
  }
}
