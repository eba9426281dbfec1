package dev.runhook.application.access;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The limits of tokens, of accounts, and of unknown tokens from one origin.
final class RequestLimits {
  private static final int UNKNOWN_PER_SECOND = 1;
  private static final int UNKNOWN_BURST = 30;

  private final Optional<RateLimiter<TokenId>> requests;
  private final Optional<RateLimiter<AccountId>> transitions;
  private final RateLimiter<String> unknown;

  RequestLimits(AccessConfig config, LongSupplier ticker) {
    this.requests = limiter(config.requestsPerSecond(), ticker);
    this.transitions = limiter(config.transitionsPerSecond(), ticker);
    this.unknown = new RateLimiter<>(UNKNOWN_PER_SECOND, UNKNOWN_BURST, ticker);
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

  void requireUnknownPermit(String origin) {
    unknown.timeUntilPermit(origin).ifPresent(RequestLimits::refuse);
  }

  void consumeUnknownPermit(String origin) {
    unknown.consume(origin, 1);
  }

  void evictIdle() {
    requests.ifPresent(RateLimiter::evictIdle);
    transitions.ifPresent(RateLimiter::evictIdle);
    unknown.evictIdle();
  }

  /// Rounds up to whole seconds, as `Retry-After` requires.
  private static void refuse(Duration wait) {
    throw new RefusedException(
        new TooManyRequests(Duration.ofSeconds(wait.plusNanos(999_999_999).toSeconds())));
  }
}
