package dev.runhook.application.dispatch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.runhook.application.spi.Bucket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// When to poll which bucket. A poll that finds nothing costs queries, so unless all buckets were
/// woken, only those are polled in which something is due as far as this process knows, and each
/// one after a few seconds. One thread polls and waits; any thread may wake it.
final class PollSchedule {
  private static final Duration MAX_INTERVAL = Duration.ofSeconds(4);

  /// How long the polling thread waits at most.
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private final LongSupplier ticker;

  /// Signals that are sent while no thread waits count as one.
  private final Semaphore signal = new Semaphore(0);

  private final AtomicBoolean allWoken = new AtomicBoolean();

  /// Used only by the thread that polls.
  private boolean pollsAll = true;

  /// The latest time of the next poll, by the ticker.
  private final Map<Bucket, Long> nextPolls = new ConcurrentHashMap<>();

  /// @param ticker monotonic nanoseconds
  PollSchedule(LongSupplier ticker) {
    this.ticker = ticker;
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
}
