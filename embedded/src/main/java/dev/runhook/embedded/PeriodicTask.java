package dev.runhook.embedded;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a task repeatedly on its own daemon thread. A failure is logged, and the next run follows
/// as usual.
public final class PeriodicTask {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

  private final String name;
  private final Duration interval;
  private final Runnable task;
  private final ScheduledExecutorService executor;

  /// @param interval from the end of one run to the start of the next
  public PeriodicTask(String name, Duration interval, Runnable task) {
    this.name = name;
    this.interval = interval;
    this.task = task;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
  }

  /// Starts the first run immediately.
  public void start() {
    var ignored =
        executor.scheduleWithFixedDelay(this::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Stops the task. Waits for a run in progress, and interrupts it when the timeout expires.
  public void stop(Duration timeout) {
    executor.shutdown();
    try {
      if (executor.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
    LOG.atInfo().addKeyValue("task", name).log("periodic task interrupted");
  }

  private void run() {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("task", name)
          .setCause(e)
          .log("periodic task failed; it will run again");
    }
  }
}
