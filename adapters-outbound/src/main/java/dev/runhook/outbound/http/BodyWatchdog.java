package dev.runhook.outbound.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Aborts response bodies that exceed their deadline, on one thread. The timeout of the JDK's
/// client covers only the headers.
///
/// Most bodies end within milliseconds, so a timer per body would waste wake-ups. Instead, one task
/// sweeps the watched bodies every 20 ms for as long as there are any. Thread-safe.
final class BodyWatchdog implements AutoCloseable {
  private static final Duration SWEEP_INTERVAL = Duration.ofMillis(20);

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean sweepScheduled = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("runhook-body-watchdog").factory());

  BodyWatchdog() {
    // after close there are no bodies left to abort
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// A response body with a deadline.
  interface Watched {
    Deadline deadline();

    /// Aborts the body. May be called after the body has ended.
    void abort();
  }

  void watch(Watched body) {
    watched.add(body);
    scheduleSweep();
  }

  void unwatch(Watched body) {
    watched.remove(body);
  }

  void schedule(Duration delay, Runnable task) {
    var _ = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void scheduleSweep() {
    if (sweepScheduled.compareAndSet(false, true)) {
      schedule(SWEEP_INTERVAL, this::sweep);
    }
  }

  private void sweep() {
    sweepScheduled.set(false); // from here on, a new body schedules the next sweep
    List<Watched> late = watched.stream().filter(body -> body.deadline().hasPassed()).toList();
    late.forEach(watched::remove);
    late.forEach(body -> timer.execute(body::abort)); // one failure must not affect the others
    if (!watched.isEmpty()) {
      scheduleSweep();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
