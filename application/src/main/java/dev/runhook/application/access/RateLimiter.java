package dev.runhook.application.access;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// A token bucket for each key. Permits are added at a steady rate up to the capacity. Permits that
/// are taken without a check may leave a bucket in debt. Thread-safe.
///
/// There are at most 10,000 buckets. Additional keys share one.
final class RateLimiter<K> {
  private static final int MAX_BUCKETS = 10_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final double capacity;
  private final LongSupplier ticker;
  private final ConcurrentHashMap<K, AtomicReference<Bucket>> byKey = new ConcurrentHashMap<>();
  private final AtomicReference<Bucket> shared;

  private record Bucket(double level, long at) {}

  RateLimiter(double perSecond, double capacity, LongSupplier ticker) {
    this.perSecond = perSecond;
    this.capacity = capacity;
    this.ticker = ticker;
    this.shared = full();
  }

  /// Takes a permit. If there is none, returns the time until there is one.
  Optional<Duration> tryAcquire(K key) {
    return tryAcquire(key, 1);
  }

  /// Takes permits if there is at least one, and may leave a debt. If there is none, returns the
  /// time until there is one.
  Optional<Duration> tryAcquire(K key, int permits) {
    AtomicReference<Bucket> reference = of(key);
    while (true) {
      Bucket before = reference.get();
      Bucket now = refilled(before);
      Optional<Duration> wait = timeUntilPermit(now);
      if (wait.isPresent()
          || reference.compareAndSet(before, new Bucket(now.level() - permits, now.at()))) {
        return wait;
      }
    }
  }

  /// Returns the time until there is a permit, or nothing if there is one.
  Optional<Duration> timeUntilPermit(K key) {
    AtomicReference<Bucket> bucket = byKey.get(key);
    if (bucket == null && byKey.size() < MAX_BUCKETS) {
      return Optional.empty();
    }
    return timeUntilPermit(refilled((bucket == null ? shared : bucket).get()));
  }

  /// Returns the permits that are left, and when the bucket is full again.
  RateLimit status(K key) {
    AtomicReference<Bucket> bucket = byKey.get(key);
    double level = bucket == null ? capacity : refilled(bucket.get()).level();
    return new RateLimit(
        (long) capacity, seconds(capacity), Math.max(0, (long) level), seconds(capacity - level));
  }

  private Duration seconds(double permits) {
    return Duration.ofSeconds((long) Math.ceil(permits / perSecond));
  }

  /// Takes permits even if there are not enough.
  void consume(K key, int permits) {
    of(key)
        .updateAndGet(before -> {
          Bucket now = refilled(before);
          return new Bucket(now.level() - permits, now.at());
        });
  }

  /// Removes full buckets, which have the same effect as missing ones.
  void evictIdle() {
    byKey.values().removeIf(bucket -> refilled(bucket.get()).level() >= capacity);
  }

  private AtomicReference<Bucket> of(K key) {
    AtomicReference<Bucket> existing = byKey.get(key);
    if (existing != null) {
      return existing;
    }
    return byKey.size() < MAX_BUCKETS ? byKey.computeIfAbsent(key, ignored -> full()) : shared;
  }

  private AtomicReference<Bucket> full() {
    return new AtomicReference<>(new Bucket(capacity, ticker.getAsLong()));
  }

  private Bucket refilled(Bucket before) {
    long now = ticker.getAsLong();
    double added = Math.max(0, now - before.at()) / NANOS_PER_SECOND * perSecond;
    return new Bucket(Math.min(capacity, before.level() + added), now);
  }

  private Optional<Duration> timeUntilPermit(Bucket bucket) {
    double nanos = Math.ceil((1 - bucket.level()) / perSecond * NANOS_PER_SECOND);
    return nanos <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos((long) nanos));
  }
}
