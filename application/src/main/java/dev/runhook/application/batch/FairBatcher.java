package dev.runhook.application.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Collects items from many threads and handles them in batches, so that a key with many items does
/// not delay the others. Items that arrive while a batch is being handled go into the next one, so
/// under low load no item waits. Under high load, a batch may linger until it is larger than the
/// one before, because many small batches cost more than one large batch.
///
/// Keys with few items share a batch. A key with more gets batches of its own, and such keys take
/// turns. Thread-safe. The lock of this object guards its state.
///
/// @param <K> for example an account
public final class FairBatcher<K, T> {
  /// Only batches that are larger than this linger.
  private static final int LINGER_ABOVE = 16;

  private static final Duration LINGER_POLL_INTERVAL = Duration.ofNanos(250_000);

  /// A batch stops waiting if no item has arrived for this part of the maximum time.
  private static final int IDLE_PARTS = 5;

  private final Executor executor;
  private final Policy policy;
  private final Consumer<List<T>> handler;
  private final Map<K, Backlog<K, T>> backlogs = new HashMap<>();

  /// Backlogs that wait for their turn, by the kind of batch that they need.
  private final Set<Backlog<K, T>> shared = new LinkedHashSet<>();

  private final Set<Backlog<K, T>> own = new LinkedHashSet<>();

  private boolean sharedRunning;
  private int ownRunning;

  /// Whether a loop was passed to the executor and has not begun.
  private boolean loopStarting;

  /// @param handler handles a batch and its failures; exceptions that it throws propagate to the
  ///   executor. It may be called by several threads at the same time, for different keys
  public FairBatcher(Executor executor, Policy policy, Consumer<List<T>> handler) {
    this.executor = executor;
    this.policy = policy;
    this.handler = handler;
  }

  /// Limits of batches.
  ///
  /// @param maxSize the maximum number of items in a batch
  /// @param linger the maximum time that a batch waits, after a large batch, to reach that batch's
  ///   size times `growth`; it waits only while items keep arriving and delays no other key
  /// @param maxShared the maximum number of waiting items of a key that shares batches
  /// @param maxConcurrentOwn the maximum number of batches of single keys that are handled at the
  ///   same time, in addition to one shared batch
  /// @param maxConcurrentOfKey the maximum number of batches of one key that are handled at the
  ///   same time; more than one only if enough items wait for a batch of `maxSize`
  public record Policy(
      int maxSize,
      Duration linger,
      int growth,
      int maxShared,
      int maxConcurrentOwn,
      int maxConcurrentOfKey) {
    /// Handles the items of each key in their order, one batch at a time.
    public static Policy inOrder(
        int maxSize, Duration linger, int growth, int maxShared, int maxConcurrentOwn) {
      return new Policy(maxSize, linger, growth, maxShared, maxConcurrentOwn, 1);
    }

    /// Makes no difference between keys.
    public static Policy ofOneKey(int maxSize, Duration linger, int growth, int maxConcurrent) {
      return new Policy(maxSize, linger, growth, 0, maxConcurrent, maxConcurrent);
    }
  }

  private static final class Backlog<K, T> {
    final K key;
    final Queue<T> items = new ArrayDeque<>();

    /// How many batches with items of the key are being handled.
    int running;

    Backlog(K key) {
      this.key = key;
    }
  }

  private record Batch<K, T>(List<T> items, List<Backlog<K, T>> backlogs, boolean isShared) {}

  /// Adds items of a key in the given order. Does not wait for them, unless the executor runs tasks
  /// on the calling thread.
  ///
  /// @throws RejectedExecutionException if no batch is running and the executor accepts none
  public void addAll(K key, Collection<T> items) {
    enqueue(key, items);
    startLoopIfNeeded();
  }

  /// Removes and returns all queued items.
  public synchronized List<T> drain() {
    List<T> all = new ArrayList<>();
    for (Backlog<K, T> backlog : backlogs.values()) {
      all.addAll(backlog.items);
      backlog.items.clear();
    }
    shared.clear();
    own.clear();
    backlogs.values().removeIf(backlog -> backlog.running == 0);
    return all;
  }

  private synchronized void enqueue(K key, Collection<T> items) {
    Backlog<K, T> backlog = backlogs.computeIfAbsent(key, Backlog::new);
    backlog.items.addAll(items);
    awaitTurn(backlog);
  }

  private void awaitTurn(Backlog<K, T> backlog) {
    int waiting = backlog.items.size();
    int allowed = waiting < policy.maxSize() ? 1 : policy.maxConcurrentOfKey();
    boolean mayRun = waiting > 0 && backlog.running < allowed;
    if (waiting == 0 && backlog.running == 0) {
      backlogs.remove(backlog.key);
    } else if (mayRun && waiting > policy.maxShared()) {
      shared.remove(backlog);
      own.add(backlog);
    } else if (mayRun) {
      shared.add(backlog);
    }
  }

  private void startLoopIfNeeded() {
    if (!requestLoop()) {
      return;
    }
    try {
      executor.execute(this::runLoop);
    } catch (RejectedExecutionException e) {
      if (!cancelLoop()) {
        throw e;
      } // otherwise, a running loop takes the items
    }
  }

  private synchronized boolean requestLoop() {
    if (loopStarting || !(canStartShared() || canStartOwn())) {
      return false;
    }
    loopStarting = true;
    return true;
  }

  /// @return whether another loop is running
  private synchronized boolean cancelLoop() {
    loopStarting = false;
    return sharedRunning || ownRunning > 0;
  }

  private boolean canStartShared() {
    return !sharedRunning && !shared.isEmpty();
  }

  private boolean canStartOwn() {
    return ownRunning < policy.maxConcurrentOwn() && !own.isEmpty();
  }

  private void runLoop() {
    for (Batch<K, T> batch = beginLoop(); batch != null; batch = next(batch)) {
      startLoopIfNeeded(); // for the other kind of batch, or another key
      boolean handled = false;
      try {
        handler.accept(batch.items());
        handled = true;
      } finally {
        if (!handled) {
          end(batch);
          startLoopIfNeeded();
        }
      }
      linger(batch);
    }
  }

  private synchronized @Nullable Batch<K, T> beginLoop() {
    loopStarting = false;
    return take();
  }

  private synchronized @Nullable Batch<K, T> next(Batch<K, T> ended) {
    end(ended);
    return take();
  }

  private synchronized void end(Batch<K, T> batch) {
    if (batch.isShared()) {
      sharedRunning = false;
    } else {
      ownRunning--;
    }
    for (Backlog<K, T> backlog : batch.backlogs()) {
      backlog.running--;
      awaitTurn(backlog);
    }
  }

  private @Nullable Batch<K, T> take() {
    if (canStartShared()) {
      sharedRunning = true;
      return take(shared, true);
    }
    if (canStartOwn()) {
      ownRunning++;
      return take(own, false);
    }
    return null;
  }

  private Batch<K, T> take(Set<Backlog<K, T>> waiting, boolean isShared) {
    List<T> items = new ArrayList<>();
    List<Backlog<K, T>> taken = new ArrayList<>();
    Iterator<Backlog<K, T>> turns = waiting.iterator();
    do {
      Backlog<K, T> backlog = turns.next();
      turns.remove();
      backlog.running++;
      taken.add(backlog);
      while (items.size() < policy.maxSize() && !backlog.items.isEmpty()) {
        items.add(backlog.items.remove());
      }
    } while (isShared && items.size() < policy.maxSize() && turns.hasNext());
    taken.forEach(this::awaitTurn);
    return new Batch<>(items, taken, isShared);
  }

  /// Returns immediately if the thread is interrupted.
  private void linger(Batch<K, T> batch) {
    int size = batch.items().size();
    if (size <= LINGER_ABOVE) {
      return;
    }
    int wantedSize = Math.min(policy.maxSize(), size * policy.growth());
    long polls = policy.linger().dividedBy(LINGER_POLL_INTERVAL);
    long idlePolls = polls / IDLE_PARTS;
    int queued = countQueued(batch);
    for (long idle = 0;
        polls > 0 && queued < wantedSize && idle <= idlePolls && !delaysOtherKey(batch);
        polls--) {
      Pause.pause(LINGER_POLL_INTERVAL);
      int before = queued;
      queued = countQueued(batch);
      idle = queued > before ? 0 : idle + 1;
    }
  }

  private synchronized boolean delaysOtherKey(Batch<K, T> batch) {
    return !batch.isShared()
        && own.stream().anyMatch(waiting -> !batch.backlogs().contains(waiting));
  }

  /// Counts what the next batch of the same kind can contain.
  private synchronized int countQueued(Batch<K, T> batch) {
    int queued = batch.backlogs().stream().mapToInt(backlog -> backlog.items.size()).sum();
    return batch.isShared()
        ? queued + shared.stream().mapToInt(backlog -> backlog.items.size()).sum()
        : queued;
  }
}
