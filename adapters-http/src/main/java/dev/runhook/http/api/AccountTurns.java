package dev.runhook.http.api;

import dev.runhook.domain.account.AccountId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lets each account run only a few requests at a time, so that many requests of one account do not
/// take all connections to the database. Further requests of the account wait. Thread-safe.
final class AccountTurns {
  private static final Duration MAX_WAIT = Duration.ofSeconds(8);

  private final int maxRunning;
  private final Map<AccountId, Semaphore> byAccount = new ConcurrentHashMap<>();

  /// @param maxRunning the maximum for one account
  AccountTurns(int maxRunning) {
    this.maxRunning = maxRunning;
  }

  /// @throws dev.runhook.http.json.ProblemException if the account has been busy for too long
  <T> T run(AccountId account, Supplier<T> request) {
    Semaphore turns =
        byAccount.computeIfAbsent(account, ignored -> new Semaphore(maxRunning, true));
    try {
      if (!turns.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw RequestMemory.overloaded();
      }
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
      throw RequestMemory.overloaded();
    }
    try {
      return request.get();
    } finally {
      turns.release();
    }
  }
}
