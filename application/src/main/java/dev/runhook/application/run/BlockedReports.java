package dev.runhook.application.run;

import dev.runhook.domain.run.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The reports of an account that wait for locked runs, in their order. Used by one batch at a
/// time.
final class BlockedReports {
  /// The most reports of an account that wait for locked runs. They must not use up the limit of
  /// its others.
  private static final int MAX_BLOCKED = 1_000;

  private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(2);
  private static final Duration MAX_RETRY_DELAY = Duration.ofMillis(50);

  private final Duration maxBlockedTime;
  private final Map<RunId, List<PendingReport>> byRun = new LinkedHashMap<>();

  /// How long each of these reports has waited for its run, at least.
  private final IdentityHashMap<PendingReport, Duration> blockedTimes = new IdentityHashMap<>();

  private boolean retryPlanned;

  BlockedReports(Duration maxBlockedTime) {
    this.maxBlockedTime = maxBlockedTime;
  }

  /// Adds a report, or rejects it because it has waited too long or too many others wait.
  boolean add(PendingReport pending) {
    Duration blockedTime = blockedTimes.getOrDefault(pending, Duration.ZERO);
    boolean isNew = !blockedTimes.containsKey(pending);
    boolean isFull = isNew && blockedTimes.size() >= MAX_BLOCKED;
    if (isFull || blockedTime.compareTo(maxBlockedTime) >= 0) {
      return false;
    }
    blockedTimes.put(pending, blockedTime);
    byRun.computeIfAbsent(pending.run(), ignored -> new ArrayList<>()).add(pending);
    return true;
  }

  boolean contains(RunId run) {
    return byRun.containsKey(run);
  }

  /// Returns how many reports are to be tried again.
  int count() {
    return byRun.values().stream().mapToInt(List::size).sum();
  }

  /// Removes and returns the reports, to try them again. How long they have waited is remembered
  /// until [#remove].
  List<PendingReport> takeAll() {
    retryPlanned = false;
    List<PendingReport> all = byRun.values().stream().flatMap(List::stream).toList();
    byRun.clear();
    return all;
  }

  void remove(PendingReport pending) {
    blockedTimes.remove(pending);
  }

  boolean isEmpty() {
    return blockedTimes.isEmpty();
  }

  /// Returns the delay after which to try the reports again: soon, and then at growing intervals.
  /// Most locks are those of completions and end within milliseconds. Absent if there is nothing to
  /// try, or a retry is planned already.
  Optional<Duration> planRetry() {
    if (byRun.isEmpty() || retryPlanned) {
      return Optional.empty();
    }
    Duration shortest = Collections.min(blockedTimes.values());
    Duration delay =
        Collections.max(
            List.of(MIN_RETRY_DELAY, Collections.min(List.of(shortest, MAX_RETRY_DELAY))));
    blockedTimes.replaceAll((ignored, time) -> time.plus(delay));
    retryPlanned = true;
    return Optional.of(delay);
  }
}
