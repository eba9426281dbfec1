package dev.runhook.application.run;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingInt;
import static java.util.stream.Collectors.toList;

import dev.runhook.application.batch.FairBatcher;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Lets concurrent callers share a transaction of a bucket, so that one commit serves them all. One
/// report cannot affect another: a refusal concerns one report only. If a batch fails as a whole
/// although the store is available, it is divided, by account first and then into single reports.
/// An account with many reports gets transactions of its own, one at a time, so the reports of
/// other accounts do not wait for it.
///
/// The buckets of one server take turns: a few large transactions at a time need less than many
/// small ones. A server that is unavailable or slow does not affect the reports to others.
///
/// Reports of a run that another transaction has locked do not hold up the others. They are tried
/// again with later batches, in their order, and fail when the run stays locked. Thread-safe.
final class SharedRecorder {
  /// The linger pays off because callers that have just been served tend to call again. Each batch
  /// holds the payloads that it renders, so only two run at the same time. The reports of an
  /// account that shares a batch can have many deliveries each, so they are few.
  private static final FairBatcher.Policy BATCHES =
      new FairBatcher.Policy(256, Duration.ofMillis(10), 8, 1);

  private final BucketRouter buckets;
  private final BiFunction<Bucket, List<TransitionReport>, List<RecordResult>> recorder;
  private final Executor executor;
  private final Duration maxBlockedTime;
  private final WaitingReports waiting = new WaitingReports();

  private final Map<Bucket, FairBatcher<AccountId, Bucket, PendingReport>> batchersByServer =
      new ConcurrentHashMap<>();

  /// A bucket keeps its batcher even if its server is known only later, for the order of reports.
  private final Map<Bucket, FairBatcher<AccountId, Bucket, PendingReport>> batchers =
      new ConcurrentHashMap<>();

  /// The reports that wait for locked runs. The batcher handles an account one batch at a time.
  private final Map<Queue, BlockedReports> blockedByQueue = new ConcurrentHashMap<>();

  /// @param recorder records the first of these reports in one transaction of the bucket, at least
  ///   one, without waiting for locked runs: their reports fail with a [StoreBusyException]
  /// @param maxBlockedTime how long a report waits for its run at least, before it fails
  SharedRecorder(
      BucketRouter buckets,
      BiFunction<Bucket, List<TransitionReport>, List<RecordResult>> recorder,
      Executor executor,
      Duration maxBlockedTime) {
    this.buckets = buckets;
    this.recorder = recorder;
    this.executor = executor;
    this.maxBlockedTime = maxBlockedTime;
  }

  /// The reports of an account to a bucket keep their order.
  private record Queue(Bucket bucket, AccountId account) {}

  /// @return one result for each report, in the same order
  /// @throws StoreBusyException if too many reports wait already
  List<RecordResult> record(List<TransitionReport> reports) {
    List<PendingReport> pending =
        reports.stream()
            .map(report -> {
              StackId stack = report.run().stack();
              return PendingReport.of(buckets.of(stack), stack.account(), report);
            })
            .toList();
    Map<AccountId, Integer> counts =
        pending.stream().collect(groupingBy(PendingReport::account, summingInt(ignored -> 1)));
    waiting.add(counts);
    try {
      pending.stream()
          .collect(groupingBy(SharedRecorder::queueOf, LinkedHashMap::new, toList()))
          .forEach(this::add);
      return pending.stream().map(PendingReport::await).toList();
    } finally {
      waiting.remove(counts);
    }
  }

  private static Queue queueOf(PendingReport pending) {
    return new Queue(pending.bucket(), pending.account());
  }

  private void add(Queue queue, List<PendingReport> pending) {
    batcherOf(queue.bucket()).addAll(queue.account(), queue.bucket(), pending);
  }

  private FairBatcher<AccountId, Bucket, PendingReport> batcherOf(Bucket bucket) {
    FairBatcher<AccountId, Bucket, PendingReport> known = batchers.get(bucket);
    return known != null ? known : batcherOf(bucket, bucket.server());
  }

  private FairBatcher<AccountId, Bucket, PendingReport> batcherOf(Bucket bucket, Bucket server) {
    FairBatcher<AccountId, Bucket, PendingReport> ofServer =
        batchersByServer.computeIfAbsent(
            server, ignored -> new FairBatcher<>(executor, BATCHES, this::handle));
    return batchers.computeIfAbsent(bucket, ignored -> ofServer);
  }

  private void handle(Bucket bucket, List<PendingReport> batch) {
    List<PendingReport> ready = new ArrayList<>();
    batch.stream()
        .filter(PendingReport::isRetry)
        .forEach(signal -> ready.addAll(blockedOf(queueOf(signal)).takeAll()));
    for (PendingReport pending : batch) {
      if (!pending.isRetry()) {
        if (isBlocked(pending)) {
          block(pending);
        } else {
          ready.add(pending);
        }
      }
    }
    if (!ready.isEmpty()) {
      recordBatch(bucket, ready).forEach(this::block);
    }
    if (!blockedByQueue.isEmpty()) {
      batch.stream().map(SharedRecorder::queueOf).distinct().forEach(this::planRetry);
    }
  }

  private BlockedReports blockedOf(Queue queue) {
    return blockedByQueue.computeIfAbsent(queue, ignored -> new BlockedReports(maxBlockedTime));
  }

  private boolean isBlocked(PendingReport pending) {
    BlockedReports blocked = blockedByQueue.get(queueOf(pending));
    return blocked != null && blocked.byRun.containsKey(pending.run());
  }

  /// Completes the reports, except those whose run is locked.
  ///
  /// @return the reports to try again
  private List<PendingReport> recordBatch(Bucket bucket, List<PendingReport> batch) {
    List<PendingReport> busy = new ArrayList<>();
    List<PendingReport> remaining = batch;
    while (!remaining.isEmpty()) {
      int recorded = recordFirst(bucket, remaining, busy);
      remaining = withoutBusyRuns(remaining.subList(recorded, remaining.size()), busy);
    }
    return busy;
  }

  /// Records the first reports, as many as the recorder takes.
  ///
  /// @param busy gets those to try again
  /// @return how many reports need no further transaction
  private int recordFirst(Bucket bucket, List<PendingReport> batch, List<PendingReport> busy) {
    try {
      List<RecordResult> results =
          recorder.apply(bucket, batch.stream().map(PendingReport::report).toList());
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i) instanceof RecordResult.Failed(StoreBusyException ignored)) {
          busy.add(batch.get(i));
        } else {
          remove(batch.get(i));
          batch.get(i).result().complete(results.get(i));
        }
      }
      return results.size();
    } catch (StoreUnavailableException e) { // or busy: locked as a whole, because runs are skipped
      fail(batch, e);
      failQueued(bucket, e);
    } catch (RuntimeException | Error e) {
      busy.addAll(recordParts(bucket, batch, e));
    }
    return batch.size();
  }

  /// Moves reports behind earlier ones of a locked run to these.
  private static List<PendingReport> withoutBusyRuns(
      List<PendingReport> batch, List<PendingReport> busy) {
    List<PendingReport> others = new ArrayList<>();
    batch.forEach(pending -> (isBehind(busy, pending) ? busy : others).add(pending));
    return others;
  }

  private static boolean isBehind(List<PendingReport> busy, PendingReport pending) {
    return busy.stream().anyMatch(earlier -> earlier.run().equals(pending.run()));
  }

  /// Queued reports to the server would wait just as long and fail as well.
  private void failQueued(Bucket bucket, StoreUnavailableException cause) {
    for (PendingReport queued : batcherOf(bucket).drain()) {
      if (queued.isRetry()) {
        add(queueOf(queued), List.of(queued));
      } else {
        fail(List.of(queued), cause);
      }
    }
  }

  private List<PendingReport> recordParts(
      Bucket bucket, List<PendingReport> batch, Throwable failure) {
    if (batch.size() == 1) {
      fail(batch, failure);
      return List.of();
    }
    List<PendingReport> busy = new ArrayList<>();
    for (List<PendingReport> part : FairBatcher.divide(batch, PendingReport::account)) {
      busy.addAll(recordBatch(bucket, withoutBusyRuns(part, busy)));
    }
    return busy;
  }

  private void block(PendingReport pending) {
    if (!blockedOf(queueOf(pending)).add(pending)) {
      fail(
          List.of(pending),
          new StoreBusyException("another transaction has locked the run " + pending.run().name()));
    }
  }

  private void planRetry(Queue queue) {
    BlockedReports blocked = blockedOf(queue);
    if (blocked.blockedTimes.isEmpty()) {
      blockedByQueue.remove(queue);
    }
    blocked.planRetry().ifPresent(delay -> retryAfter(delay, queue, blocked.count()));
  }

  /// Adds as many signals as there are reports, so that they share a batch only if they are few.
  private void retryAfter(Duration delay, Queue queue, int count) {
    PendingReport signal = PendingReport.of(queue.bucket(), queue.account(), null);
    batcherOf(queue.bucket())
        .addLater(delay, queue.account(), queue.bucket(), Collections.nCopies(count, signal));
  }

  private void remove(PendingReport pending) {
    BlockedReports blocked = blockedByQueue.get(queueOf(pending));
    if (blocked != null) {
      blocked.blockedTimes.remove(pending);
    }
  }

  private void fail(Collection<PendingReport> batch, Throwable failure) {
    batch.forEach(pending -> {
      remove(pending);
      pending.result().completeExceptionally(failure);
    });
  }

  /// A report, and the result that its caller waits for. Without a report, it is the signal to try
  /// the blocked reports of the account again.
  private record PendingReport(
      Bucket bucket,
      AccountId account,
      @Nullable TransitionReport reported,
      CompletableFuture<RecordResult> result) {
    static PendingReport of(Bucket bucket, AccountId account, @Nullable TransitionReport reported) {
      return new PendingReport(bucket, account, reported, new CompletableFuture<>());
    }

    boolean isRetry() {
      return reported == null;
    }

    TransitionReport report() {
      return Objects.requireNonNull(reported);
    }

    RunId run() {
      return report().run();
    }

    RecordResult await() {
      try {
        return result.join();
      } catch (CompletionException e) {
        return new RecordResult.Failed(
            e.getCause() instanceof RuntimeException failure ? failure : e);
      }
    }
  }

  /// Counts the reports that wait to be recorded, in all buckets. Above its limits, callers are
  /// rejected instead of queued. Thread-safe. The lock of this object guards its counts.
  static final class WaitingReports {
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

  /// The reports of an account that wait for locked runs, in their order. Used by one batch at a
  /// time.
  private static final class BlockedReports {
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

    /// Returns how many reports are to be tried again.
    int count() {
      return byRun.values().stream().mapToInt(List::size).sum();
    }

    /// Removes and returns the reports, to try them again. How long they have waited is remembered.
    List<PendingReport> takeAll() {
      retryPlanned = false;
      List<PendingReport> all = byRun.values().stream().flatMap(List::stream).toList();
      byRun.clear();
      return all;
    }

    /// Returns the delay after which to try the reports again: soon, and then at growing intervals.
    /// Most locks are those of completions and end within milliseconds. Absent if there is nothing
    /// to try, or a retry is planned already.
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
}
