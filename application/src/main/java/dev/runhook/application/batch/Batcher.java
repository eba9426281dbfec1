package dev.runhook.application.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// Collects items from many threads and handles them in batches. Items that arrive while a batch is
/// being handled go into the next one, so under low load no item waits. Under high load, a batch
/// may linger until it is as large as the one before, because many small batches cost more than one
/// large batch. Thread-safe. The lock of this object guards its state.
public final class Batcher<T> {
  /// Only batches that are larger than this linger.
  static final int LINGER_ABOVE = 8;

  static final Duration LINGER_POLL_INTERVAL = Duration.ofNanos(250_000);

  private final Executor executor;
  private final Policy policy;
  private final Consumer<List<T>> handler;
  private final Queue<T> queued = new ArrayDeque<>();
  private int runningLoops;

  /// @param handler handles a batch and its failures; exceptions that it throws propagate to the
  ///   executor
  public Batcher(Executor executor, Policy policy, Consumer<List<T>> handler) {
    this.executor = executor;
    this.policy = policy;
    this.handler = handler;
  }

  /// Limits of batches.
  ///
  /// @param maxSize the maximum number of items in a batch
  /// @param linger the maximum time that a batch waits, after a large batch, to reach that batch's
  ///   size times `growth`
  /// @param maxConcurrent the maximum number of batches that are handled at the same time; more
  ///   than one only if enough items are queued for a batch of `maxSize`
  public record Policy(int maxSize, Duration linger, int growth, int maxConcurrent) {}

  /// Adds an item to the next batch. Does not wait for the batch, unless the executor runs tasks on
  /// the calling thread.
  ///
  /// @throws RejectedExecutionException if no batch is running and the executor accepts none
  public void add(T item) {
    addAll(List.of(item));
  }

  /// Adds items in the given order. They share a batch if it has room for them.
  public void addAll(Collection<T> items) {
    enqueue(items);
    startLoopIfNeeded();
  }

  private synchronized void enqueue(Collection<T> items) {
    queued.addAll(items);
  }

  private void startLoopIfNeeded() {
    if (!beginLoop()) {
      return;
    }
    try {
      executor.execute(this::runLoop);
    } catch (RejectedExecutionException e) {
      if (!endLoop()) {
        throw e;
      } // otherwise, a running loop takes the items
    }
  }

  private synchronized boolean beginLoop() {
    boolean needed = !queued.isEmpty() && runningLoops < wantedLoops();
    if (needed) {
      runningLoops++;
    }
    return needed;
  }

  /// @return whether another loop is running
  private synchronized boolean endLoop() {
    runningLoops--;
    return runningLoops > 0;
  }

  private int wantedLoops() {
    return queued.size() < policy.maxSize() ? 1 : policy.maxConcurrent();
  }

  private void runLoop() {
    boolean ended = false;
    try {
      List<T> batch = nextBatch();
      while (!batch.isEmpty()) {
        handler.accept(batch);
        ended = endSurplusLoop();
        if (ended) {
          return;
        }
        if (batch.size() > LINGER_ABOVE) {
          linger(Math.min(policy.maxSize(), batch.size() * policy.growth()));
        }
        batch = nextBatch();
      }
    } finally {
      if (!ended) {
        endLoop();
      }
      startLoopIfNeeded(); // items may have arrived after the last poll
    }
  }

  /// Leaves the queued items to the other loops if enough of them are running.
  private synchronized boolean endSurplusLoop() {
    boolean surplus = runningLoops > wantedLoops();
    if (surplus) {
      runningLoops--;
    }
    return surplus;
  }

  /// Returns immediately if the thread is interrupted.
  private void linger(int wantedSize) {
    for (long polls = policy.linger().dividedBy(LINGER_POLL_INTERVAL);
        polls > 0 && countQueued() < wantedSize;
        polls--) {
      Pause.pause(LINGER_POLL_INTERVAL);
    }
  }

  private synchronized int countQueued() {
    return queued.size();
  }

  private synchronized List<T> nextBatch() {
    List<T> batch = new ArrayList<>();
    while (batch.size() < policy.maxSize() && !queued.isEmpty()) {
      batch.add(queued.remove());
    }
    return batch;
  }
}
