package dev.runhook.application.access;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The request limits of tokens, and of unknown tokens from one origin.
final class RequestLimits {
  private static final int UNKNOWN_PER_SECOND = 1;
  private static final int UNKNOWN_BURST = 30;

  private final Optional<RateLimiter<TokenId>> requests;
  private final RateLimiter<String> unknown;

  RequestLimits(AccessConfig config, LongSupplier ticker) {
    int rate = config.requestsPerSecond();
    this.requests =
        rate == 0 ? Optional.empty() : Optional.of(new RateLimiter<>(rate, 2L * rate, ticker));
    this.unknown = new RateLimiter<>(UNKNOWN_PER_SECOND, UNKNOWN_BURST, ticker);
  }

  void acquire(TokenId token) {
    requests.flatMap(limiter -> limiter.tryAcquire(token)).ifPresent(RequestLimits::refuse);
  }

  void consume(TokenId token, int more) {
    requests.ifPresent(limiter -> limiter.consume(token, more));
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

  /// Rounds up to whole seconds, as `Retry-After` requires.
  private static void refuse(Duration wait) {
    throw new RefusedException(
        new TooManyRequests(Duration.ofSeconds(wait.plusNanos(999_999_999).toSeconds())));
  }
}
