package dev.runhook.application.access;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// A bucket for each key that drips full at a steady rate; what is done takes a drop out of it, and
/// has to wait when there is none. What is charged afterwards may leave it in debt. Thread-safe.
///
/// There are at most 10,000 buckets at a time; keys that come when there are so many share one.
final class RateLimiter<K> {
  private static final int MOST = 10_000;
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double capacity;
  private final LongSupplier ticker;
  private final ConcurrentHashMap<K, AtomicReference<Fill>> byKey = new ConcurrentHashMap<>();
  private final AtomicReference<Fill> shared;

  private record Fill(double level, long at) {}

  RateLimiter(double perSecond, double capacity, LongSupplier ticker) {
    this.perSecond = perSecond;
    this.capacity = capacity;
    this.ticker = ticker;
    this.shared = full();
  }

  /// Takes a drop; where there is none, how long until there is.
  Optional<Duration> tryAcquire(K key) {
    AtomicReference<Fill> bucket = of(key);
    while (true) {
      Fill before = bucket.get();
      Fill now = refilled(before);
      Optional<Duration> wait = timeUntilPermit(now);
      if (wait.isPresent() || bucket.compareAndSet(before, new Fill(now.level() - 1, now.at()))) {
        return wait;
      }
    }
  }

  /// How long until there is a drop; absent where there is one.
  Optional<Duration> timeUntilPermit(K key) {
    AtomicReference<Fill> bucket = byKey.get(key);
    if (bucket == null) {
      return byKey.size() < MOST ? Optional.empty() : timeUntilPermit(refilled(shared.get()));
    }
    return timeUntilPermit(refilled(bucket.get()));
  }

  /// Takes so many drops, whether they are there or not.
  void consume(K key, int drops) {
    of(key)
        .updateAndGet(before -> {
          Fill now = refilled(before);
          return new Fill(now.level() - drops, now.at());
        });
  }

  /// Forgets those that nobody would miss.
  void evictIdle() {
    byKey.values().removeIf(bucket -> refilled(bucket.get()).level() >= capacity);
  }

  private AtomicReference<Fill> of(K key) {
    AtomicReference<Fill> known = byKey.get(key);
    if (known != null) {
      return known;
    }
    return byKey.size() < MOST ? byKey.computeIfAbsent(key, _ -> full()) : shared;
  }

  private AtomicReference<Fill> full() {
    return new AtomicReference<>(new Fill(capacity, ticker.getAsLong()));
  }

  private Fill refilled(Fill before) {
    long now = ticker.getAsLong();
    double dripped = Math.max(0, now - before.at()) / NANOS * perSecond;
    return new Fill(Math.min(capacity, before.level() + dripped), now);
  }

  private Optional<Duration> timeUntilPermit(Fill fill) {
    return fill.level() >= 1
        ? Optional.empty()
        : Optional.of(Duration.ofNanos((long) Math.ceil((1 - fill.level()) / perSecond * NANOS)));
  }
}
