package dev.runhook.application.batch;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

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
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Collects items from many threads and handles them in batches, so that a key with many items does
/// not delay the others. Items that arrive while a batch is being handled go into the next one, so
/// under low load no item waits. Under high load, a batch may linger until it has twice the size of
/// the one before, because many small batches cost more than one large batch.
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
  private final Map<K, Backlog> backlogs = new HashMap<>();
  private final Turns shared;
  private final Turns own;

  /// Held by the caller that handles batches.
  private final ReentrantLock callers = new ReentrantLock();

  /// Whether a loop was passed to the executor. Cleared when any loop goes on, because the executor
  /// may have rejected it.
  private boolean loopStarting;

  /// @param executor runs batches; while it accepts no task, the callers run them
  /// @param handler handles a batch of a group and its failures; exceptions that it throws
  ///   propagate to the executor. It may be called by several threads at the same time, for
  ///   different keys
  public FairBatcher(Executor executor, Policy policy, BiConsumer<G, List<T>> handler) {
    this.executor = executor;
    this.policy = policy;
    this.handler = handler;
    this.shared = new Turns(1);
    this.own = new Turns(policy.maxConcurrent());
  }

  /// Limits of batches.
  ///
  /// @param maxSize the maximum number of items in a batch
  /// @param linger the maximum time that a batch waits after a large batch; it waits only while
  ///   items keep arriving and delays no other key
  /// @param maxShared the maximum number of waiting items of a key that shares batches
  /// @param maxConcurrent the maximum number of batches of single keys that are handled at the same
  ///   time, in addition to one shared batch. If this is 1, the items of each key are handled in
  ///   their order. Otherwise, a key with enough items for a batch of `maxSize` may have several
  public record Policy(int maxSize, Duration linger, int maxShared, int maxConcurrent) {}

  /// The backlogs that wait for one kind of batch.
  private final class Turns {
    final int maxConcurrent;
    final Set<Backlog> waiting = new LinkedHashSet<>();
    int running;

    Turns(int maxConcurrent) {
      this.maxConcurrent = maxConcurrent;
    }

    boolean canStart() {
      return running < maxConcurrent && !waiting.isEmpty();
    }
  }

  private final class Backlog {
    final K key;

    /// The items of each group that has some. The first group is next.
    final Map<G, Queue<T>> groups = new LinkedHashMap<>();

    /// How many batches with items of the key are being handled.
    int running;

    Backlog(K key) {
      this.key = key;
    }

    int size() {
      return groups.values().stream().mapToInt(Queue::size).sum();
    }

    boolean mayStart() {
      boolean isFull = groups.values().iterator().next().size() >= policy.maxSize();
      return running < (isFull ? policy.maxConcurrent() : 1);
    }

    /// Moves items of a group to a batch. If some remain, it is the last group's turn.
    void moveTo(Batch batch) {
      Queue<T> queue = Objects.requireNonNull(groups.remove(batch.group));
      while (!batch.isFull() && !queue.isEmpty()) {
        batch.items.add(queue.remove());
      }
      if (!queue.isEmpty()) {
        groups.put(batch.group, queue);
      }
      running++;
    }
  }

  private final class Batch {
    final Turns turns;
    final G group;
    final List<T> items = new ArrayList<>();
    final List<Backlog> backlogs = new ArrayList<>();

    /// Takes the items of the next key, and those of other keys if the batch is shared.
    Batch(Turns turns) {
      this.turns = turns;
      this.group = turns.waiting.iterator().next().groups.keySet().iterator().next();
      Iterator<Backlog> waiting = turns.waiting.iterator();
      do {
        Backlog backlog = waiting.next();
        if (backlog.groups.containsKey(group)) {
          waiting.remove();
          backlogs.add(backlog);
          backlog.moveTo(this);
        }
      } while (turns == shared && !isFull() && waiting.hasNext());
      turns.running++;
    }

    boolean isFull() {
      return items.size() == policy.maxSize();
    }
  }

  /// Divides a batch that has failed as a whole: by key, or into single items if it has one key.
  public static <K, T> Collection<List<T>> divide(List<T> batch, Function<T, K> key) {
    Map<K, List<T>> byKey = batch.stream().collect(groupingBy(key, LinkedHashMap::new, toList()));
    return byKey.size() > 1 ? byKey.values() : batch.stream().map(List::of).toList();
  }

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
    for (Backlog backlog : backlogs.values()) {
      backlog.groups.values().forEach(all::addAll);
      backlog.groups.clear();
    }
    shared.waiting.clear();
    own.waiting.clear();
    backlogs.values().removeIf(backlog -> backlog.running == 0);
    return all;
  }

  private synchronized void enqueue(K key, G group, Collection<T> items) {
    if (!items.isEmpty()) {
      Backlog backlog = backlogs.computeIfAbsent(key, Backlog::new);
      backlog.groups.computeIfAbsent(group, ignored -> new ArrayDeque<>()).addAll(items);
      awaitTurn(backlog);
    }
  }

  private void awaitTurn(Backlog backlog) {
    int size = backlog.size();
    if (size == 0 && backlog.running == 0) {
      backlogs.remove(backlog.key);
    } else if (size > policy.maxShared() && backlog.mayStart()) {
      shared.waiting.remove(backlog);
      own.waiting.add(backlog);
    } else if (size > 0 && backlog.mayStart()) {
      shared.waiting.add(backlog);
    }
  }

  /// @return false if a loop is needed and no thread could be started
  private boolean startLoopIfNeeded() {
    return !requestLoop() || start(this::runLoop);
  }

  private synchronized boolean requestLoop() {
    boolean needed = !loopStarting && (shared.canStart() || own.canStart());
    loopStarting |= needed;
    return needed;
  }

  private boolean start(Runnable task) {
    try {
      executor.execute(task);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread could be started
      return false;
    }
  }

  private void runLoop() {
    for (Batch batch = take(); batch != null; batch = next(batch)) {
      startLoopIfNeeded(); // for the other kind of batch, or another key; otherwise this loop goes
      // on
      handle(batch);
      linger(batch);
    }
  }

  /// Handles batches on the calling thread, because no other can be started. If another caller
  /// waits, it takes over after the current batch, so that no caller handles many batches.
  private void handleHere() {
    callers.lock();
    try {
      for (Batch batch = take(); batch != null; batch = take()) {
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

  private void handle(Batch batch) {
    try {
      handler.accept(batch.group, batch.items);
    } catch (RuntimeException | Error e) {
      end(batch);
      if (!startLoopIfNeeded()) {
        handleHere();
      }
      throw e;
    }
  }

  private synchronized @Nullable Batch next(Batch ended) {
    end(ended);
    return take();
  }

  private synchronized void end(Batch batch) {
    loopStarting = false;
    batch.turns.running--;
    for (Backlog backlog : batch.backlogs) {
      backlog.running--;
      awaitTurn(backlog);
    }
  }

  private synchronized @Nullable Batch take() {
    loopStarting = false;
    if (!shared.canStart() && !own.canStart()) {
      return null;
    }
    Batch batch = new Batch(shared.canStart() ? shared : own);
    batch.backlogs.forEach(this::awaitTurn);
    return batch;
  }

  /// Returns immediately if the thread is interrupted.
  private void linger(Batch batch) {
    int size = batch.items.size();
    if (size <= LINGER_ABOVE) {
      return;
    }
    int wanted = Math.min(policy.maxSize(), 2 * size);
    long polls = policy.linger().dividedBy(LINGER_POLL_INTERVAL);
    long idlePolls = polls / IDLE_PARTS;
    int queued = countNext(batch);
    for (long idle = 0; polls > 0 && queued < wanted && idle <= idlePolls; polls--) {
      Pause.pause(LINGER_POLL_INTERVAL);
      int before = queued;
      queued = countNext(batch);
      idle = queued > before ? 0 : idle + 1;
    }
  }

  /// Counts the items that the next batch of the same kind may have; many if another key waits.
  private synchronized int countNext(Batch batch) {
    return batch.turns == own && !own.waiting.isEmpty()
        ? policy.maxSize()
        : Stream.concat(batch.backlogs.stream(), batch.turns.waiting.stream())
            .mapToInt(Backlog::size)
            .sum();
  }
}
