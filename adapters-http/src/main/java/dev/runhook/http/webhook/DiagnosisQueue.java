package dev.runhook.http.webhook;

import dev.runhook.application.Refusal.TooManyRequests;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.http.api.SharedCapacity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/// Runs signature diagnoses one at a time on a platform thread. On the virtual threads of requests,
/// which are not preempted, a few of them would delay every other request. Thread-safe.
public final class DiagnosisQueue implements AutoCloseable {
  private static final int MAX_DIAGNOSES = 8;
  private static final int MAX_PER_ACCOUNT = 2;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final SharedCapacity<AccountId> places =
      new SharedCapacity<>(MAX_DIAGNOSES, MAX_PER_ACCOUNT);

  /// Starts its thread with the first diagnosis.
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("diagnosis").factory());

  /// Runs the diagnosis and waits for it, or refuses it if too many are waiting, in total or of the
  /// account.
  Diagnosis run(AccountId account, Supplier<Diagnosis> diagnosis) {
    if (!places.tryAcquire(account, 1)) {
      throw new RefusedException(new TooManyRequests(RETRY_AFTER));
    }
    try {
      return CompletableFuture.supplyAsync(diagnosis, executor).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (RejectedExecutionException _) { // the server is stopping
      throw new RefusedException(new TooManyRequests(RETRY_AFTER));
    } finally {
      places.release(account, 1);
    }
  }

  /// Ends the thread. Waiting diagnoses still run.
  @Override
  public void close() {
    executor.shutdown();
  }
}
