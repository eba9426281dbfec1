package dev.runhook.http.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/// A platform thread for work that uses a processor for milliseconds. On the virtual threads of
/// requests, which are not preempted, a few such requests would delay all others. Thread-safe.
public final class PlatformThread implements AutoCloseable {
  private final ExecutorService executor;

  /// The thread starts with its first work.
  public PlatformThread(String name) {
    this.executor =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  /// Runs the work after that of earlier callers, and waits for it.
  public <T> T run(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, executor).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (RejectedExecutionException _) {
      return work.get(); // the server is stopping and completes its last requests
    }
  }

  /// Ends the thread. Waiting work still runs.
  @Override
  public void close() {
    executor.shutdown();
  }
}
