package dev.runhook.application.run;

import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.domain.account.AccountId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the reports that wait to be recorded, in all buckets. Above its limits, callers are
/// rejected instead of queued. Thread-safe.
final class WaitingReports {
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_WAITING_OF_ACCOUNT = 5_000;

  private final AtomicInteger all = new AtomicInteger();
  private final Map<AccountId, Integer> byAccount = new ConcurrentHashMap<>();

  /// Adds reports, which the caller must [#remove] again.
  ///
  /// @param counts how many reports of each account
  /// @throws StoreBusyException if there are too many reports; none is added then
  void add(Map<AccountId, Integer> counts) {
    counts.forEach(this::change);
    if (all.get() > MAX_WAITING
        || counts.keySet().stream()
            .anyMatch(account -> byAccount.getOrDefault(account, 0) > MAX_WAITING_OF_ACCOUNT)) {
      remove(counts);
      throw new StoreBusyException("too many reports are waiting to be recorded");
    }
  }

  void remove(Map<AccountId, Integer> counts) {
    counts.forEach((account, count) -> change(account, -count));
  }

  private void change(AccountId account, int change) {
    all.addAndGet(change);
    byAccount.compute(
        account,
        (ignored, count) -> {
          int next = (count == null ? 0 : count) + change;
          return next == 0 ? null : next;
        });
  }
}
