package dev.runhook.outbound;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// One thread that cuts bodies off when their time is over. The client's own timeout ends with the
/// headers, so it cannot.
final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("runhook-deadlines").factory());

  Deadlines() {
    timer.setRemoveOnCancelPolicy(true);
    // after the end there is nothing to cut off any more
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  Future<?> at(Deadline deadline, Runnable cut) {
    return timer.schedule(cut, deadline.left().toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
