package dev.runhook.application.access;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// How many requests tokens may make, and how many tokens that are nobody's may be tried from one
/// origin.
final class RequestLimits {
  private static final int UNKNOWN_PER_SECOND = 1;
  private static final int UNKNOWN_AT_ONCE = 30;

  private final Optional<RateLimiter<TokenId>> requests;
  private final RateLimiter<String> unknown;

  RequestLimits(AccessConfig rules, LongSupplier ticker) {
    int rate = rules.requestsPerSecond();
    this.requests =
        rate == 0 ? Optional.empty() : Optional.of(new RateLimiter<>(rate, 2L * rate, ticker));
    this.unknown = new RateLimiter<>(UNKNOWN_PER_SECOND, UNKNOWN_AT_ONCE, ticker);
  }

  void acquire(TokenId token) {
    requests.flatMap(rateLimiter -> rateLimiter.tryAcquire(token)).ifPresent(RequestLimits::refuse);
  }

  void consume(TokenId token, int more) {
    requests.ifPresent(rateLimiter -> rateLimiter.consume(token, more));
  }

  void requireUnknownPermit(String origin) {
    unknown.timeUntilPermit(origin).ifPresent(RequestLimits::refuse);
  }

  void consumeUnknownPermit(String origin) {
    unknown.consume(origin, 1);
  }

  void evictIdle() {
    requests.ifPresent(RateLimiter::evictIdle);
    unknown.evictIdle();
  }

  /// In whole seconds, as it is told.
  private static void refuse(Duration wait) {
    throw new RefusedException(
        new TooManyRequests(Duration.ofSeconds(wait.plusNanos(999_999_999).toSeconds())));
  }
}
