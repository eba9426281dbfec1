package dev.runhook.application.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Collects items from many threads and handles them in batches, so that a key with many items does
/// not delay the others. Items that arrive while a batch is being handled go into the next one, so
/// under low load no item waits. Under high load, a batch may linger until it is larger than the
/// one before, because many small batches cost more than one large batch.
///
/// Keys with few items share a batch. A key with more gets batches of its own, and such keys take
/// turns. A batch has items of one group only, and the groups of a key take turns as well.
/// Thread-safe. The lock of this object guards its state.
///
/// @param <K> for example an account
/// @param <G> for example a bucket
public final class FairBatcher<K, G, T> {
  /// Only batches that are larger than this linger.
  private static final int LINGER_ABOVE = 16;

  private static final Duration LINGER_POLL_INTERVAL = Duration.ofNanos(250_000);

  /// A batch stops waiting if no item has arrived for this part of the maximum time.
  private static final int IDLE_PARTS = 5;

  private final Executor executor;
  private final Policy policy;
  private final BiConsumer<G, List<T>> handler;
  private final Map<K, Backlog<K, G, T>> backlogs = new HashMap<>();

  /// Backlogs that wait for their turn, by the kind of batch that they need.
  private final Set<Backlog<K, G, T>> shared = new LinkedHashSet<>();

  private final Set<Backlog<K, G, T>> own = new LinkedHashSet<>();

  /// How many items the shared backlogs have.
  private int sharedItems;

  private boolean sharedRunning;
  private int ownRunning;

  /// Held by the caller that handles batches.
  private final ReentrantLock callers = new ReentrantLock();

  /// Whether a loop was passed to the executor and has not begun.
  private boolean loopStarting;

  /// @param executor runs batches; while it accepts no task, the callers run them
  /// @param handler handles a batch of a group and its failures; exceptions that it throws
  ///   propagate to the executor. It may be called by several threads at the same time, for
  ///   different keys
  public FairBatcher(Executor executor, Policy policy, BiConsumer<G, List<T>> handler) {
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
  ///   same time; more than one only if a group has enough items for a batch of `maxSize`
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

  private static final class Backlog<K, G, T> {
    final K key;

    /// The items of each group that has some. The first group is next.
    final Map<G, Queue<T>> groups = new LinkedHashMap<>();

    int items;

    /// How many batches with items of the key are being handled.
    int running;

    Backlog(K key) {
      this.key = key;
    }

    void add(G group, Collection<T> added) {
      groups.computeIfAbsent(group, ignored -> new ArrayDeque<>()).addAll(added);
      items += added.size();
    }

    G nextGroup() {
      return groups.keySet().iterator().next();
    }

    int itemsOfNextGroup() {
      return groups.values().iterator().next().size();
    }

    /// Moves items of a group to a batch. If some remain, it is the last group's turn.
    void moveTo(List<T> batch, G group, int maxSize) {
      Queue<T> queue = Objects.requireNonNull(groups.remove(group));
      while (batch.size() < maxSize && !queue.isEmpty()) {
        batch.add(queue.remove());
        items--;
      }
      if (!queue.isEmpty()) {
        groups.put(group, queue);
      }
    }
  }

  private record Batch<K, G, T>(
      G group, List<T> items, List<Backlog<K, G, T>> backlogs, boolean isShared) {}

  /// Adds items of a key and a group in the given order. Does not wait for them, unless the
  /// executor accepts no task, or runs it on the calling thread.
  public void addAll(K key, G group, Collection<T> items) {
    enqueue(key, group, items);
    boolean hasThread = startLoopIfNeeded();
    if (!callers.isHeldByCurrentThread() && (!hasThread || callers.isLocked())) {
      handleHere();
    }
  }

  /// Adds items after a delay.
  public void addLater(Duration delay, K key, G group, Collection<T> items) {
    Runnable add =
        () -> {
          Pause.pause(delay);
          addAll(key, group, items);
        };
    if (!start(add)) {
      add.run();
    }
  }

  /// Removes and returns all queued items.
  public synchronized List<T> drain() {
    List<T> all = new ArrayList<>();
    for (Backlog<K, G, T> backlog : backlogs.values()) {
      backlog.groups.values().forEach(all::addAll);
      backlog.groups.clear();
      backlog.items = 0;
    }
    shared.clear();
    sharedItems = 0;
    own.clear();
    backlogs.values().removeIf(backlog -> backlog.running == 0);
    return all;
  }

  private synchronized void enqueue(K key, G group, Collection<T> items) {
    if (items.isEmpty()) {
      return;
    }
    Backlog<K, G, T> backlog = backlogs.computeIfAbsent(key, Backlog::new);
    backlog.add(group, items);
    if (shared.contains(backlog)) {
      sharedItems += items.size();
    }
    awaitTurn(backlog);
  }

  private void awaitTurn(Backlog<K, G, T> backlog) {
    if (backlog.items == 0) {
      if (backlog.running == 0) {
        backlogs.remove(backlog.key);
      }
      return;
    }
    int allowed = backlog.itemsOfNextGroup() < policy.maxSize() ? 1 : policy.maxConcurrentOfKey();
    boolean mayRun = backlog.running < allowed;
    if (mayRun && backlog.items > policy.maxShared()) {
      if (shared.remove(backlog)) {
        sharedItems -= backlog.items;
      }
      own.add(backlog);
    } else if (mayRun && shared.add(backlog)) {
      sharedItems += backlog.items;
    }
  }

  /// @return false if a loop is needed and no thread could be started
  private boolean startLoopIfNeeded() {
    if (!requestLoop() || start(this::runLoop)) {
      return true;
    }
    synchronized (this) {
      loopStarting = false;
    }
    return false;
  }

  private boolean start(Runnable task) {
    try {
      executor.execute(task);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread could be started
      return false;
    }
  }

  private synchronized boolean requestLoop() {
    if (loopStarting || !(canStartShared() || canStartOwn())) {
      return false;
    }
    loopStarting = true;
    return true;
  }

  private boolean canStartShared() {
    return !sharedRunning && !shared.isEmpty();
  }

  private boolean canStartOwn() {
    return ownRunning < policy.maxConcurrentOwn() && !own.isEmpty();
  }

  private void runLoop() {
    for (Batch<K, G, T> batch = beginLoop(); batch != null; batch = next(batch)) {
      startLoopIfNeeded(); // for the other kind of batch, or another key; or this one takes it
      // later
      handle(batch);
      linger(batch);
    }
  }

  private void handle(Batch<K, G, T> batch) {
    try {
      handler.accept(batch.group(), batch.items());
    } catch (RuntimeException | Error e) {
      end(batch);
      if (!startLoopIfNeeded()) {
        handleHere();
      }
      throw e;
    }
  }

  /// Handles batches on the calling thread, because no other can be started. Callers take turns:
  /// one that waits takes over after the current batch, so nobody serves the others for long.
  private void handleHere() {
    callers.lock();
    try {
      for (Batch<K, G, T> batch = takeNext(); batch != null; batch = takeNext()) {
        handle(batch);
        end(batch);
        if (callers.hasQueuedThreads() || startLoopIfNeeded()) {
          return;
        }
      }
    } finally {
      callers.unlock();
    }
  }

  private synchronized @Nullable Batch<K, G, T> beginLoop() {
    loopStarting = false;
    return take();
  }

  private synchronized @Nullable Batch<K, G, T> takeNext() {
    return take();
  }

  private synchronized @Nullable Batch<K, G, T> next(Batch<K, G, T> ended) {
    end(ended);
    return take();
  }

  private synchronized void end(Batch<K, G, T> batch) {
    if (batch.isShared()) {
      sharedRunning = false;
    } else {
      ownRunning--;
    }
    for (Backlog<K, G, T> backlog : batch.backlogs()) {
      backlog.running--;
      awaitTurn(backlog);
    }
  }

  private @Nullable Batch<K, G, T> take() {
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

  private Batch<K, G, T> take(Set<Backlog<K, G, T>> waiting, boolean isShared) {
    G group = waiting.iterator().next().nextGroup();
    List<T> items = new ArrayList<>();
    List<Backlog<K, G, T>> taken = new ArrayList<>();
    Iterator<Backlog<K, G, T>> turns = waiting.iterator();
    do {
      Backlog<K, G, T> backlog = turns.next();
      if (backlog.groups.containsKey(group)) {
        turns.remove();
        sharedItems -= isShared ? backlog.items : 0;
        backlog.running++;
        taken.add(backlog);
        backlog.moveTo(items, group, policy.maxSize());
      }
    } while (isShared && items.size() < policy.maxSize() && turns.hasNext());
    taken.forEach(this::awaitTurn);
    return new Batch<>(group, items, taken, isShared);
  }

  /// Returns immediately if the thread is interrupted.
  private void linger(Batch<K, G, T> batch) {
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

  private synchronized boolean delaysOtherKey(Batch<K, G, T> batch) {
    return !batch.isShared()
        && own.stream().anyMatch(waiting -> !batch.backlogs().contains(waiting));
  }

  /// Counts the items of the same kind that wait for a batch.
  private synchronized int countQueued(Batch<K, G, T> batch) {
    int queued = batch.backlogs().stream().mapToInt(backlog -> backlog.items).sum();
    return batch.isShared() ? queued + sharedItems : queued;
  }
}
