package dev.runhook.application.access;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// How many requests tokens may make, and how many tokens that are nobody's may be tried from one
/// origin.
final class Rates {
  private static final int UNKNOWN_PER_SECOND = 1;
  private static final int UNKNOWN_AT_ONCE = 30;

  private final Optional<Buckets<TokenId>> requests;
  private final Buckets<String> unknown;

  Rates(AccessRules rules, LongSupplier ticker) {
    int rate = rules.requestsPerSecond();
    this.requests =
        rate == 0 ? Optional.empty() : Optional.of(new Buckets<>(rate, 2L * rate, ticker));
    this.unknown = new Buckets<>(UNKNOWN_PER_SECOND, UNKNOWN_AT_ONCE, ticker);
  }

  void admit(TokenId token) {
    requests.flatMap(buckets -> buckets.take(token)).ifPresent(Rates::refuse);
  }

  void charge(TokenId token, int more) {
    requests.ifPresent(buckets -> buckets.charge(token, more));
  }

  void admitUnknown(String origin) {
    unknown.untilNext(origin).ifPresent(Rates::refuse);
  }

  void chargeUnknown(String origin) {
    unknown.charge(origin, 1);
  }

  void forgetIdle() {
    requests.ifPresent(Buckets::forgetFull);
    unknown.forgetFull();
  }

  /// In whole seconds, as it is told.
  private static void refuse(Duration wait) {
    throw new RefusedException(
        new TooManyRequests(Duration.ofSeconds(wait.plusNanos(999_999_999).toSeconds())));
  }
}
