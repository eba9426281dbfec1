package dev.runhook.embedded;

import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.Dispatcher.PollResult;
import dev.runhook.application.spi.delivery.DispatchObserver;
import java.time.Duration;

/// Polls the dispatcher on one thread. The next poll follows immediately after a wake-up or a full
/// batch, otherwise when the next delivery is due, and at least once a second to find deliveries
/// that other nodes left behind.
public final class DispatchLoop {
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);
  private static final Duration MIN_WAIT = Duration.ofMillis(20);
  private static final Duration WAIT_AFTER_ERROR = Duration.ofMillis(500);

  private final Dispatcher dispatcher;
  private final DispatchObserver observer;
  private final Thread thread;
  private volatile boolean stopping;

  public DispatchLoop(Dispatcher dispatcher, DispatchObserver observer) {
    this.dispatcher = dispatcher;
    this.observer = observer;
    this.thread = Thread.ofPlatform().name("dispatch").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// Makes the next poll start immediately.
  public void wake() {
    dispatcher.handoff().wake();
  }

  /// Stops polling, releases unsent deliveries and waits for attempts in flight. Returns false if
  /// the timeout expires first.
  public boolean stop(Duration timeout) throws InterruptedException {
    stopping = true;
    wake();
    thread.join(timeout);
    return dispatcher.stop(timeout);
  }

  private void run() {
    try {
      while (!stopping) {
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
    } catch (RuntimeException | Error e) {
      observer.onError("claiming due deliveries", e);
      return WAIT_AFTER_ERROR;
    }
  }

  private static Duration waitAfter(PollResult result) {
    long wait = result.timeUntilNextDue().orElse(MAX_WAIT).toNanos();
    return Duration.ofNanos(Math.clamp(wait, MIN_WAIT.toNanos(), MAX_WAIT.toNanos()));
  }
}
