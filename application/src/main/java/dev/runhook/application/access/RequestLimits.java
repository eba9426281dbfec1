package dev.runhook.application.access;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.Refusal.TooManyRequests;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The limits of tokens, of accounts, and of unknown tokens and session keys.
///
/// Lookups of unknown hashes are limited by the first digits of the hash, not by origin, so that
/// guesses from one proxy do not lock out the valid tokens of its other clients.
final class RequestLimits {
  private static final int UNKNOWN_PER_SECOND = 1;
  private static final int UNKNOWN_BURST = 30;
  private static final double LOOKUPS_PER_SECOND = 0.25;
  private static final int LOOKUP_DIGITS = 3; // 4096 limits

  private final Optional<RateLimiter<TokenId>> requests;
  private final Optional<RateLimiter<AccountId>> transitions;
  private final RateLimiter<String> unknown;
  private final RateLimiter<String> lookups;

  RequestLimits(AccessConfig config, LongSupplier ticker) {
    this.requests = limiter(config.requestsPerSecond(), ticker);
    this.transitions = limiter(config.transitionsPerSecond(), ticker);
    this.unknown = new RateLimiter<>(UNKNOWN_PER_SECOND, UNKNOWN_BURST, ticker);
    this.lookups = new RateLimiter<>(LOOKUPS_PER_SECOND, UNKNOWN_BURST, ticker);
  }

  private static <K> Optional<RateLimiter<K>> limiter(int perSecond, LongSupplier ticker) {
    return perSecond == 0
        ? Optional.empty()
        : Optional.of(new RateLimiter<>(perSecond, 2L * perSecond, ticker));
  }

  void acquire(TokenId token) {
    requests.flatMap(limiter -> limiter.tryAcquire(token)).ifPresent(RequestLimits::refuse);
  }

  Optional<RateLimit> requestLimit(TokenId token) {
    return requests.map(limiter -> limiter.status(token));
  }

  void acquireTransitions(AccountId account, int count) {
    transitions
        .flatMap(limiter -> limiter.tryAcquire(account, count))
        .ifPresent(RequestLimits::refuse);
  }

  /// Refuses an origin that has used too many unknown tokens.
  void requireGuessPermit(String origin) {
    unknown.timeUntilPermit(origin).ifPresent(RequestLimits::refuse);
  }

  /// Refuses if too many unknown hashes with the same first digits were looked up.
  void requireLookupPermit(String hash) {
    lookups.timeUntilPermit(lookupKey(hash)).ifPresent(RequestLimits::refuse);
  }

  /// Counts a lookup of an unknown hash, and returns its refusal.
  RefusedException unknownHash(String hash, String origin, Refusal refusal) {
    lookups.consume(lookupKey(hash), 1);
    return guessed(origin, refusal);
  }

  /// Counts an unknown token, and returns its refusal: the given one, or that there were too many.
  RefusedException guessed(String origin, Refusal refusal) {
    return unknown
        .tryAcquire(origin)
        .map(RequestLimits::tooMany)
        .orElseGet(() -> new RefusedException(refusal));
  }

  private static String lookupKey(String hash) {
    return hash.substring(0, LOOKUP_DIGITS);
  }

  void evictIdle() {
    requests.ifPresent(RateLimiter::evictIdle);
    transitions.ifPresent(RateLimiter::evictIdle);
    unknown.evictIdle();
    lookups.evictIdle();
  }

  private static void refuse(Duration wait) {
    throw tooMany(wait);
  }

  /// Rounds up to whole seconds, as `Retry-After` requires.
  private static RefusedException tooMany(Duration wait) {
    return new RefusedException(
        new TooManyRequests(Duration.ofSeconds(wait.plusNanos(999_999_999).toSeconds())));
  }

  /// A token bucket for each key. Permits are added at a steady rate up to the capacity. Permits
  /// that are taken without a check may leave a bucket in debt. Thread-safe. The lock of this
  /// object guards its buckets.
  ///
  /// There are at most 10,000 buckets. Additional keys share one.
  static final class RateLimiter<K> {
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
}
