package dev.runhook.outbound.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Aborts response bodies that exceed their deadline, on one thread. The timeout of the JDK's
/// client covers only the headers.
///
/// Most bodies end within milliseconds, so a timer per body would waste wake-ups. Instead, one task
/// sweeps the watched bodies every 20 ms for as long as there are any. Thread-safe.
final class BodyWatchdog implements AutoCloseable {
  private static final Duration SWEEP_INTERVAL = Duration.ofMillis(20);

  private final Map<Runnable, Deadline> watched = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("runhook-body-watchdog").factory());

  private boolean sweepScheduled;

  BodyWatchdog() {
    // after close there are no bodies left to abort
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// @param abort ends the body; the same object for [#unwatch]
  void watch(Runnable abort, Deadline deadline) {
    watched.put(abort, deadline);
    scheduleSweep();
  }

  void unwatch(Runnable abort) {
    watched.remove(abort);
  }

  void schedule(Duration delay, Runnable task) {
    var ignored = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized void scheduleSweep() {
    if (!sweepScheduled) {
      schedule(SWEEP_INTERVAL, this::sweep); // fails if the system has no threads left
      sweepScheduled = true;
    }
  }

  private void sweep() {
    synchronized (this) {
      sweepScheduled = false; // from here on, a new body schedules the next sweep
    }
    watched.forEach((abort, deadline) -> {
      if (deadline.hasPassed()) {
        watched.remove(abort);
        timer.execute(abort); // one failure must not affect the others
      }
    });
    if (!watched.isEmpty()) {
      scheduleSweep();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
