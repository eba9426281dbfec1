package dev.runhook.http.webhook;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.http.api.SharedCapacity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Runs signature diagnoses one at a time on a platform thread, which is one of Java's common pool.
/// On the virtual threads of requests, which are not preempted, a few of them would delay every
/// other request. Thread-safe.
final class DiagnosisQueue {
  private static final int MAX_DIAGNOSES = 8;
  private static final int MAX_PER_ACCOUNT = 2;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final SharedCapacity<AccountId> places =
      new SharedCapacity<>(MAX_DIAGNOSES, MAX_PER_ACCOUNT);
  private final Semaphore turn = new Semaphore(1, true);

  /// Runs the diagnosis and waits for it, or refuses it if too many are waiting, in total or of the
  /// account.
  Diagnosis run(AccountId account, Supplier<Diagnosis> diagnosis) {
    if (!places.tryAcquire(account, 1)) {
      throw new RefusedException(new TooManyRequests(RETRY_AFTER));
    }
    turn.acquireUninterruptibly();
    try {
      return CompletableFuture.supplyAsync(diagnosis).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      turn.release();
      places.release(account, 1);
    }
  }
}
