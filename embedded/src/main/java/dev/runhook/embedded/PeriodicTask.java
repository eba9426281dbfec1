package dev.runhook.embedded;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.runhook.application.spi.LoopMonitor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a task repeatedly on its own daemon thread. A failure is logged, and the next run follows
/// as usual.
public final class PeriodicTask {
  /// A run takes seconds. Only one that hangs takes longer than this.
  private static final Duration MAX_RUN_TIME = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

  private final String name;
  private final Duration interval;
  private final Runnable task;
  private final LoopMonitor monitor;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  /// @param interval from the end of one run to the start of the next
  /// @param monitor such as [Runhook#supervisor]
  public PeriodicTask(String name, Duration interval, Runnable task, LoopMonitor monitor) {
    this.name = name;
    this.interval = interval;
    this.task = task;
    this.monitor = monitor;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /// Starts the first run immediately.
  public void start() {
    thread.start();
  }

  /// Stops the task. Waits for a run in progress, and interrupts it when the timeout expires.
  public void stop(Duration timeout) {
    stopping.countDown();
    try {
      if (!thread.isAlive() || thread.join(timeout)) {
        return;
      }
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    LOG.atInfo().addKeyValue("task", name).log("periodic task interrupted");
  }

  private void run() {
    try {
      do {
        monitor.onRound(name, interval.plus(MAX_RUN_TIME));
        runOnce();
      } while (!stopping.await(interval.toNanos(), NANOSECONDS));
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns the time from the end of one run to the start of the next.
  public Duration interval() {
    return interval;
  }

  /// Runs the task on the calling thread. Never throws.
  public void runOnce() {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("task", name)
          .setCause(e)
          .log("periodic task failed; it will run again");
    } catch (Error e) {
      monitor.onError(name, e);
    }
  }
}
