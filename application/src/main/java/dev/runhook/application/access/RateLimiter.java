package dev.runhook.application.access;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A token bucket for each key. Permits are added at a steady rate up to the capacity. Permits that
/// are taken without a check may leave a bucket in debt. Thread-safe. The lock of this object
/// guards its buckets.
///
/// There are at most 10,000 buckets. Additional keys share one.
final class RateLimiter<K> {
  private static final int MAX_BUCKETS = 10_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final double capacity;
  private final LongSupplier ticker;
  private final Map<K, TokenBucket> byKey = new HashMap<>();
  private final TokenBucket shared;

  private static final class TokenBucket {
    private double level;
    private long at;

    TokenBucket(double level, long at) {
      this.level = level;
      this.at = at;
    }
  }

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
  synchronized Optional<Duration> tryAcquire(K key, int permits) {
    Optional<Duration> wait = timeUntilPermit(key);
    if (wait.isEmpty()) {
      consume(key, permits);
    }
    return wait;
  }

  /// Returns the time until there is a permit, or nothing if there is one.
  synchronized Optional<Duration> timeUntilPermit(K key) {
    double nanos = Math.ceil((1 - refilled(key).level) / perSecond * NANOS_PER_SECOND);
    return nanos <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos((long) nanos));
  }

  /// Returns the permits that are left, and when the bucket is full again.
  synchronized RateLimit status(K key) {
    double level = refilled(key).level;
    return new RateLimit(
        (long) capacity, seconds(capacity), Math.max(0, (long) level), seconds(capacity - level));
  }

  private Duration seconds(double permits) {
    return Duration.ofSeconds((long) Math.ceil(permits / perSecond));
  }

  /// Takes permits even if there are not enough.
  synchronized void consume(K key, int permits) {
    refilled(key).level -= permits;
  }

  /// Removes full buckets, which have the same effect as missing ones.
  synchronized void evictIdle() {
    byKey.values().removeIf(bucket -> refill(bucket).level >= capacity);
  }

  private TokenBucket refilled(K key) {
    boolean isShared = byKey.size() >= MAX_BUCKETS && !byKey.containsKey(key);
    return refill(isShared ? shared : byKey.computeIfAbsent(key, ignored -> full()));
  }

  private TokenBucket full() {
    return new TokenBucket(capacity, ticker.getAsLong());
  }

  private TokenBucket refill(TokenBucket bucket) {
    long now = ticker.getAsLong();
    double added = Math.max(0, now - bucket.at) / NANOS_PER_SECOND * perSecond;
    bucket.level = Math.min(capacity, bucket.level + added);
    bucket.at = now;
    return bucket;
  }
}
