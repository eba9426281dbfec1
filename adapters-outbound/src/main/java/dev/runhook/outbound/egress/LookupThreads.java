package dev.runhook.outbound.egress;

import dev.runhook.application.spi.delivery.Room;
import dev.runhook.domain.account.AccountId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs lookups on a few platform threads, which the accounts share by the rule for slots ([Room]):
/// an account holds less than the free threads, and less than half of them with names that have not
/// worked before. A hanging lookup holds its thread for as long as the system resolver takes, so
/// that names that never answer would otherwise hold all threads. On virtual threads, lookups would
/// block the carriers.
///
/// A free thread goes to the accounts in turn. The refreshes of an account go first, then its
/// latest lookup, because the callers of earlier ones may have given up. Thread-safe.
final class LookupThreads implements AutoCloseable {
  static final int THREADS = 48;
  private static final int MAX_WAITING = 1_000;

  private final Map<AccountId, Share> shares = new LinkedHashMap<>(); // the next in turn first
  private int free = THREADS;
  private boolean closed;

  /// Runs a lookup as soon as its account may have a thread, unless another account has started it.
  synchronized void request(AccountId account, Lookup lookup) {
    if (!closed && !lookup.isStarted()) {
      shares.computeIfAbsent(account, ignored -> new Share()).add(lookup);
      startNext();
    }
  }

  private void startNext() {
    Iterator<Map.Entry<AccountId, Share>> turns = shares.entrySet().iterator();
    while (turns.hasNext()) {
      Map.Entry<AccountId, Share> turn = turns.next();
      Share share = turn.getValue();
      Lookup next = share.next(free);
      if (next != null) {
        start(next, share);
        turns.remove();
        shares.put(turn.getKey(), share);
        return;
      }
      if (share.isUnused()) {
        turns.remove();
      }
    }
  }

  /// Counts the thread only after its start, which fails if the system has no threads left.
  private void start(Lookup lookup, Share share) {
    Thread.ofPlatform().daemon().name("runhook-dns").start(() -> run(lookup, share));
    free--;
    share.take(lookup);
  }

  private void run(Lookup lookup, Share share) {
    try {
      lookup.run();
    } finally {
      release(lookup, share);
    }
  }

  private synchronized void release(Lookup lookup, Share share) {
    free++;
    share.giveBack(lookup);
    startNext();
  }

  /// Drops the lookups that wait. A thread ends when the system resolver returns.
  @Override
  public synchronized void close() {
    closed = true;
    shares.clear();
  }

  /// The threads that an account holds, and its lookups that wait for one.
  private static final class Share {
    private final SequencedSet<Lookup> refreshes = new LinkedHashSet<>();
    private final SequencedSet<Lookup> lookups = new LinkedHashSet<>();
    private int held;
    private int heldByNewNames;

    void add(Lookup lookup) {
      SequencedSet<Lookup> waiting = lookup.isRefresh() ? refreshes : lookups;
      waiting.addLast(lookup);
      if (waiting.size() > MAX_WAITING) {
        waiting.removeFirst();
      }
    }

    /// Returns the lookup that may start next, if one may.
    @Nullable Lookup next(int free) {
      Room room = Room.of(free, held, heldByNewNames);
      if (room.slots() <= 0) {
        return null;
      }
      Lookup refresh = latest(refreshes);
      return refresh != null || room.halves() <= 0 ? refresh : latest(lookups);
    }

    private static @Nullable Lookup latest(SequencedSet<Lookup> waiting) {
      while (!waiting.isEmpty() && waiting.getLast().isStarted()) {
        waiting.removeLast(); // by another account
      }
      return waiting.isEmpty() ? null : waiting.getLast();
    }

    void take(Lookup lookup) {
      lookup.markStarted();
      refreshes.remove(lookup);
      lookups.remove(lookup);
      count(lookup, 1);
    }

    void giveBack(Lookup lookup) {
      count(lookup, -1);
    }

    private void count(Lookup lookup, int threads) {
      held += threads;
      heldByNewNames += lookup.isRefresh() ? 0 : threads;
    }

    boolean isUnused() {
      return held == 0 && refreshes.isEmpty() && lookups.isEmpty();
    }
  }

  /// One lookup of a name, which waits for a thread, runs once, and may have many callers.
  /// Thread-safe.
  static final class Lookup {
    private final boolean refresh;
    private final Runnable work;
    private final LongSupplier nanoTime;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long startedAt;
    private volatile boolean started;

    /// @param refresh whether the name has worked before
    Lookup(boolean refresh, LongSupplier nanoTime, Runnable work) {
      this.refresh = refresh;
      this.nanoTime = nanoTime;
      this.work = work;
    }

    boolean isRefresh() {
      return refresh;
    }

    boolean isStarted() {
      return started;
    }

    void markStarted() {
      startedAt = nanoTime.getAsLong();
      started = true;
    }

    void run() {
      try {
        work.run();
      } finally {
        done.countDown();
      }
    }

    /// Returns how long the lookup has had a thread.
    Duration elapsed() {
      return started ? Duration.ofNanos(nanoTime.getAsLong() - startedAt) : Duration.ZERO;
    }

    /// Waits until the lookup is done. Returns whether it is.
    boolean await(Duration timeout) throws InterruptedException {
      return done.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
