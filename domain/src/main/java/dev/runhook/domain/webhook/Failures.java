package dev.runhook.domain.webhook;

import java.time.Instant;

/// The failed attempts of a webhook since the last delivered one.
///
/// @param count at least 1
/// @param since when the first one ended, by the store's clock
/// @param lastError the error of the last one, as a sentence for users
public record Failures(int count, Instant since, String lastError) {
  static Failures first(FailedAttempt attempt) {
    return new Failures(1, attempt.endedAt(), attempt.error());
  }

  Failures next(FailedAttempt attempt) {
    return new Failures(count + 1, since, attempt.error());
  }
}
