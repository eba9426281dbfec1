package dev.runhook.embedded;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The threads of an [Engine], unless a host brings its own: a virtual one for each attempt, and
/// platform threads for the transactions that reports share and for those that complete attempts.
public final class EngineThreads implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final ExecutorService attempts =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("runhook-attempt-", 1).factory());
  private final ExecutorService transactions =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("runhook-transactions-", 1).daemon().factory());

  public Executor attempts() {
    return attempts;
  }

  public Executor transactions() {
    return transactions;
  }

  /// Waits for what is running, and interrupts it after a few seconds.
  @Override
  public void close() {
    for (ExecutorService executor : List.of(attempts, transactions)) {
      executor.shutdown();
      try {
        if (executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
          continue;
        }
      } catch (InterruptedException ignored) {
        Thread.currentThread().interrupt();
      }
      executor.shutdownNow();
    }
  }
}
