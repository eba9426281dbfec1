package dev.runhook.outbound;

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
final class Deadlines implements AutoCloseable {
  /// How late a body may be cut off.
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Set<Dated> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isToLook = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("runhook-deadlines").factory());

  Deadlines() {
    // after the end there is nothing to cut off any more
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// What is cut off when its time is over.
  interface Dated {
    Deadline deadline();

    /// May come after its end.
    void cutOff();
  }

  void watch(Dated dated) {
    watched.add(dated);
    lookSoon();
  }

  void forget(Dated dated) {
    watched.remove(dated);
  }

  void after(Duration wait, Runnable task) {
    var _ = timer.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void lookSoon() {
    if (isToLook.compareAndSet(false, true)) {
      after(BETWEEN_LOOKS, this::look);
    }
  }

  private void look() {
    isToLook.set(false); // whoever comes from here on has the next look made
    List<Dated> over = watched.stream().filter(dated -> dated.deadline().isOver()).toList();
    over.forEach(watched::remove);
    over.forEach(dated -> timer.execute(dated::cutOff)); // whose failure is its own
    if (!watched.isEmpty()) {
      lookSoon();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
