package dev.runhook.outbound.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// One thread that cuts bodies off when their time is over. The client's own timeout ends with the
/// headers, so it cannot.
///
/// Nearly all bodies are over at once. So none gets a timer of its own, which would wake the thread
/// each time: it looks at those that are left every now and then, while there are any.
final class BodyWatchdog implements AutoCloseable {
  /// How late a body may be cut off.
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isToLook = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("runhook-deadlines").factory());

  BodyWatchdog() {
    // after the end there is nothing to cut off any more
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// What is cut off when its time is over.
  interface Watched {
    Deadline deadline();

    /// May come after its end.
    void abort();
  }

  void watch(Watched dated) {
    watched.add(dated);
    lookSoon();
  }

  void unwatch(Watched dated) {
    watched.remove(dated);
  }

  void schedule(Duration wait, Runnable task) {
    var _ = timer.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void lookSoon() {
    if (isToLook.compareAndSet(false, true)) {
      schedule(BETWEEN_LOOKS, this::look);
    }
  }

  private void look() {
    isToLook.set(false); // whoever comes from here on has the next look made
    List<Watched> over = watched.stream().filter(dated -> dated.deadline().hasPassed()).toList();
    over.forEach(watched::remove);
    over.forEach(dated -> timer.execute(dated::abort)); // whose failure is its own
    if (!watched.isEmpty()) {
      lookSoon();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
