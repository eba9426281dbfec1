package dev.runhook.bootstrap.server;

import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.PollResult;
import dev.runhook.application.spi.DispatchObserver;
import java.time.Duration;

/// Calls the dispatcher's rounds from one thread: at once when it is woken or knows of more, else
/// when the next delivery is due, and now and then in any case, for what other processes left.
public final class DispatchLoop {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);
  private static final Duration AFTER_TROUBLE = Duration.ofMillis(500);

  private final Dispatcher dispatcher;
  private final DispatchObserver observer;
  private final Thread thread;
  private volatile boolean stopping;

  public DispatchLoop(Dispatcher dispatcher, DispatchObserver observer) {
    this.dispatcher = dispatcher;
    this.observer = observer;
    this.thread = Thread.ofPlatform().name("dispatch").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Has the next round come at once.
  void wake() {
    dispatcher.handoff().wake();
  }

  /// Ends the rounds, gives back what is not sent, and waits for what is under way.
  boolean stop(Duration patience) throws InterruptedException {
    stopping = true;
    dispatcher.handoff().wake();
    thread.join(patience);
    return dispatcher.stop(patience);
  }

  private void run() {
    try {
      while (!stopping) {
        dispatcher.awaitWork(once());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// One round; how long to wait before the next.
  private Duration once() {
    try {
      PollResult pollResult = dispatcher.poll();
      return pollResult.limitReached() ? Duration.ZERO : untilNext(pollResult);
    } catch (RuntimeException | Error e) {
      observer.onError("claiming what is due", e);
      return AFTER_TROUBLE;
    }
  }

  private static Duration untilNext(PollResult pollResult) {
    Duration wait = pollResult.timeUntilNextDue().orElse(LONGEST_WAIT);
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      return LONGEST_WAIT;
    }
    return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
  }
}
