package dev.runhook.application.dispatch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Polls the buckets in turn, each time beginning with another one. A poll that finds nothing costs
/// queries, so unless all buckets were woken, only those are polled in which something is due as
/// far as this process knows, and each one after a few seconds. A bucket whose store is unavailable
/// does not delay the others for long: it is left out until another thread has reached it again.
/// One thread polls and waits; any thread may wake it.
final class PollSchedule {
  private static final Duration MAX_INTERVAL = Duration.ofSeconds(4);

  /// How long the polling thread waits at most.
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private final Deque<Bucket> turns;
  private final LongSupplier ticker;
  private final Executor executor;
  private final Set<Bucket> unavailable = ConcurrentHashMap.newKeySet();

  /// The unavailable buckets that a thread is trying to reach.
  private final Set<Bucket> checked = ConcurrentHashMap.newKeySet();

  /// Signals that are sent while no thread waits count as one.
  private final Semaphore signal = new Semaphore(0);

  private final AtomicBoolean allWoken = new AtomicBoolean();

  /// Used only by the thread that polls.
  private boolean pollsAll = true;

  /// The latest time of the next poll, by the ticker.
  private final Map<Bucket, Long> nextPolls = new ConcurrentHashMap<>();

  /// @param ticker monotonic nanoseconds
  /// @param executor tries to reach unavailable buckets
  PollSchedule(List<Bucket> buckets, LongSupplier ticker, Executor executor) {
    this.turns = new ArrayDeque<>(buckets);
    this.ticker = ticker;
    this.executor = executor;
  }

  /// Makes the next poll begin immediately, and include all buckets.
  void wake() {
    allWoken.set(true);
    signal();
  }

  /// Makes a poll include the bucket as soon as the time has passed.
  void wake(Bucket bucket, Duration delay) {
    expect(bucket, delay);
    if (delay.compareTo(MAX_WAIT) < 0) {
      signal();
    } // otherwise, the thread polls before
  }

  /// Makes the next poll that begins after this time include the bucket.
  void expect(Bucket bucket, Duration delay) {
    nextPolls.merge(
        bucket,
        ticker.getAsLong() + delay.toNanos(),
        (first, second) -> first - second <= 0 ? first : second);
  }

  private void signal() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  /// Waits until something is to be polled immediately, or until the timeout.
  void await(Duration timeout) throws InterruptedException {
    if (signal.tryAcquire(timeout.toNanos(), NANOSECONDS)) {
      signal.drainPermits();
    }
    pollsAll = allWoken.getAndSet(false);
  }

  /// Returns whether a poll includes the bucket: always, unless all that happened is that time has
  /// passed.
  boolean includes(Bucket bucket) {
    return pollsAll || timeUntilPoll(bucket).isZero();
  }

  /// Called when a poll of the bucket begins.
  void onPoll(Bucket bucket) {
    nextPolls.put(bucket, ticker.getAsLong() + MAX_INTERVAL.toNanos());
  }

  /// Returns the time until the next poll of the bucket, or zero.
  Duration timeUntilPoll(Bucket bucket) {
    long now = ticker.getAsLong();
    return Duration.ofNanos(Math.max(0, nextPolls.getOrDefault(bucket, now) - now));
  }

  /// Polls the available buckets that this schedule includes, even if one of them fails. Then the
  /// failure is thrown.
  PollResult poll(Function<Bucket, PollResult> poll) {
    if (turns.size() == 1) {
      return poll.apply(turns.getFirst());
    }
    turns.addLast(turns.removeFirst());
    PollResult result = new PollResult(0, false, Optional.empty());
    Optional<RuntimeException> failure = Optional.empty();
    for (Bucket bucket : turns) {
      if (unavailable.contains(bucket)) {
        check(bucket);
        continue;
      }
      try {
        if (includes(bucket)) {
          result = merge(result, pollOne(bucket, poll));
        }
        Optional<Duration> next = Optional.of(timeUntilPoll(bucket));
        result = merge(result, new PollResult(0, false, next));
      } catch (RuntimeException e) {
        expect(bucket, Duration.ZERO);
        if (e instanceof StoreUnavailableException && !(e instanceof StoreBusyException)) {
          unavailable.add(bucket);
          check(bucket);
        }
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return result;
  }

  private PollResult pollOne(Bucket bucket, Function<Bucket, PollResult> poll) {
    onPoll(bucket);
    PollResult result = poll.apply(bucket);
    Optional<Duration> next =
        result.limitReached() ? Optional.of(Duration.ZERO) : result.timeUntilNextDue();
    next.ifPresent(time -> expect(bucket, time));
    return result;
  }

  private static PollResult merge(PollResult first, PollResult second) {
    return new PollResult(
        first.claimed() + second.claimed(),
        first.limitReached() || second.limitReached(),
        Stream.of(first.timeUntilNextDue(), second.timeUntilNextDue())
            .flatMap(Optional::stream)
            .min(Duration::compareTo));
  }

  private void check(Bucket bucket) {
    if (!checked.add(bucket)) {
      return;
    }
    try {
      executor.execute(() -> tryToReach(bucket));
    } catch (RejectedExecutionException | OutOfMemoryError ignored) { // no thread could be started
      checked.remove(bucket); // so that the next poll tries again
    }
  }

  private void tryToReach(Bucket bucket) {
    try {
      bucket.run(unit -> unit.deliveries().timeUntilNextDue());
      unavailable.remove(bucket);
      wake(bucket, Duration.ZERO);
    } catch (StoreUnavailableException ignored) {
      // the next poll checks it again
    } finally {
      checked.remove(bucket);
    }
  }
}
