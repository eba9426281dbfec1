package dev.runhook.application.run;

import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.domain.account.AccountId;
import java.util.HashMap;
import java.util.Map;

/// Counts the reports that wait to be recorded, in all buckets. Above its limits, callers are
/// rejected instead of queued. Thread-safe. The lock of this object guards its counts.
final class WaitingReports {
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_WAITING_OF_ACCOUNT = 5_000;

  private final Map<AccountId, Integer> byAccount = new HashMap<>();
  private int all;

  /// Adds reports, which the caller must [#remove] again.
  ///
  /// @param counts how many reports of each account
  /// @throws StoreBusyException if there would be too many reports; none is added then
  synchronized void add(Map<AccountId, Integer> counts) {
    int added = counts.values().stream().mapToInt(Integer::intValue).sum();
    boolean fits =
        all + added <= MAX_WAITING
            && counts.entrySet().stream()
                .allMatch(of ->
                    byAccount.getOrDefault(of.getKey(), 0) + of.getValue()
                        <= MAX_WAITING_OF_ACCOUNT);
    if (!fits) {
      throw new StoreBusyException("too many reports are waiting to be recorded");
    }
    all += added;
    counts.forEach((account, count) -> byAccount.merge(account, count, Integer::sum));
  }

  synchronized void remove(Map<AccountId, Integer> counts) {
    counts.forEach((account, count) -> {
      all -= count;
      byAccount.computeIfPresent(
          account, (ignored, waiting) -> waiting > count ? waiting - count : null);
    });
  }
}
