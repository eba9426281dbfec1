package dev.runhook.embedded;

import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.PollResult;
import dev.runhook.application.spi.LoopMonitor;
import dev.runhook.application.spi.delivery.DispatchObserver;
import java.time.Duration;

/// Polls the dispatcher on one daemon thread. The next poll follows immediately after a wake-up or
/// a full batch, otherwise when the next delivery is due, and at least once a second to find
/// deliveries that other nodes left behind.
final class DispatchLoop {
  private static final String NAME = "runhook-dispatch";
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);
  private static final Duration MIN_WAIT = Duration.ofMillis(20);
  private static final Duration WAIT_AFTER_ERROR = Duration.ofMillis(500);
  private static final Duration MAX_TIME_OF_BUCKET = Duration.ofSeconds(30);

  private final Dispatcher dispatcher;

  /// Longer than it takes to find that the stores of all buckets are unavailable.
  private final Duration roundLimit;

  private final DispatchObserver observer;
  private final LoopMonitor monitor;
  private final Thread thread;
  private volatile boolean stopping;

  DispatchLoop(Dispatcher dispatcher, int buckets, DispatchObserver observer, LoopMonitor monitor) {
    this.dispatcher = dispatcher;
    this.roundLimit = Duration.ofMinutes(2).plus(MAX_TIME_OF_BUCKET.multipliedBy(buckets));
    this.observer = observer;
    this.monitor = monitor;
    this.thread = Thread.ofPlatform().name(NAME).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Makes the next poll start immediately.
  void wake() {
    dispatcher.handoff().wake();
  }

  /// Stops polling and waits until the results of attempts in flight are stored. Returns false if
  /// the timeout expires first.
  boolean stop(Duration timeout) throws InterruptedException {
    stopping = true;
    wake();
    if (thread.isAlive()) {
      thread.join(timeout);
    }
    return dispatcher.stop(timeout);
  }

  private void run() {
    try {
      while (!stopping) {
        monitor.onRound(NAME, roundLimit);
        dispatcher.awaitWork(poll());
      }
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }

  /// Polls once and returns how long to wait before the next poll.
  private Duration poll() {
    try {
      PollResult result = dispatcher.poll();
      return result.limitReached() ? Duration.ZERO : waitAfter(result);
    } catch (RuntimeException e) {
      observer.onError("claiming due deliveries", e);
    } catch (Error e) {
      monitor.onError(NAME, e);
    }
    return WAIT_AFTER_ERROR;
  }

  private static Duration waitAfter(PollResult result) {
    long wait = result.timeUntilNextDue().orElse(MAX_WAIT).toNanos();
    return Duration.ofNanos(Math.clamp(wait, MIN_WAIT.toNanos(), MAX_WAIT.toNanos()));
  }
}
