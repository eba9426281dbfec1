package dev.runhook.http.webhook;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.http.api.PlatformThreads;
import dev.runhook.http.api.SharedCapacity;
import java.time.Duration;
import java.util.function.Supplier;

/// Runs signature diagnoses one at a time on a platform thread. Thread-safe.
public final class DiagnosisQueue implements AutoCloseable {
  private static final int MAX_DIAGNOSES = 8;
  private static final int MAX_PER_ACCOUNT = 2;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final SharedCapacity<AccountId> places =
      new SharedCapacity<>(MAX_DIAGNOSES, MAX_PER_ACCOUNT);

  private final PlatformThreads thread = new PlatformThreads("diagnosis", 1);

  /// Handles a request that needs a diagnosis, or refuses it if too many are being handled, in
  /// total or of the account.
  <T> T admit(AccountId account, Supplier<T> request) {
    if (!places.tryAcquire(account, 1)) {
      throw new RefusedException(new TooManyRequests(RETRY_AFTER));
    }
    try {
      return request.get();
    } finally {
      places.release(account, 1);
    }
  }

  /// Runs the diagnosis after the earlier ones, and waits for it.
  Diagnosis run(Supplier<Diagnosis> diagnosis) {
    return thread.run(diagnosis);
  }

  @Override
  public void close() {
    thread.close();
  }
}
