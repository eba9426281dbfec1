package dev.runhook.http.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Platform threads for work that may use a processor for milliseconds. On the virtual threads of
/// requests, which are not preempted, a few such requests would delay all others. Thread-safe.
public final class PlatformThreads implements AutoCloseable {
  private static final Duration MAX_IDLE = Duration.ofSeconds(30);

  private final ThreadPoolExecutor executor;

  /// @param max the maximum number of threads; they start when they are needed
  public PlatformThreads(String name, int max) {
    this.executor =
        new ThreadPoolExecutor(
            max,
            max,
            MAX_IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /// Runs the work when a thread is free, in the order of the callers, and waits for it.
  public <T> T run(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, executor).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (RejectedExecutionException ignored) {
      return work.get(); // the server is stopping and completes its last requests
    }
  }

  /// Ends the threads. Waiting work still runs.
  @Override
  public void close() {
    executor.shutdown();
  }
}
