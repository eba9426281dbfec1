package dev.runhook.application.access;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.Refusal.TooManyRequests;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
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
}
