package dev.runhook.application.run;

import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.batch.FairBatcher;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lets concurrent callers share a transaction of a bucket, so that one commit serves them all. One
/// report cannot affect another: a refusal concerns one report only, and if a batch fails as a
/// whole, each of its reports is tried in its own transaction. An account with many reports gets
/// transactions of its own, one at a time, so the reports of other accounts do not wait for it.
///
/// The recorders of the buckets of one server share a batcher, so that their transactions take
/// turns: a few large ones at a time need less than many small ones.
///
/// Reports of a run that another transaction has locked do not hold up the others. They are tried
/// again with later batches, in their order, and fail when the run stays locked. Thread-safe.
final class BatchedRecorder {
  /// The linger pays off because callers that have just been served tend to call again. Each batch
  /// holds the payloads that it renders, so only two run at the same time. The reports of an
  /// account that shares a batch can have many deliveries each, so they are few.
  private static final FairBatcher.Policy BATCHES =
      FairBatcher.Policy.inOrder(256, Duration.ofMillis(10), 2, 8, 1);

  private final Function<List<TransitionReport>, List<RecordResult>> recorder;
  private final Executor executor;
  private final Duration maxBlockedTime;
  private final WaitingReports waiting;
  private final FairBatcher<AccountId, BatchedRecorder, Pending> batcher;

  /// The reports that wait for locked runs. The batcher handles an account one batch at a time.
  private final Map<AccountId, BlockedReports> blockedByAccount = new ConcurrentHashMap<>();

  /// @param recorder records the first of these reports in one transaction, at least one, without
  ///   waiting for locked runs: their reports fail with a [StoreBusyException]
  /// @param batcher that of the server that has the bucket
  /// @param maxBlockedTime how long a report waits for its run at least, before it fails
  /// @param waiting counts the reports of this and other recorders
  BatchedRecorder(
      Function<List<TransitionReport>, List<RecordResult>> recorder,
      FairBatcher<AccountId, BatchedRecorder, Pending> batcher,
      Executor executor,
      Duration maxBlockedTime,
      WaitingReports waiting) {
    this.recorder = recorder;
    this.executor = executor;
    this.maxBlockedTime = maxBlockedTime;
    this.waiting = waiting;
    this.batcher = batcher;
  }

  /// Returns a batcher for the recorders of the buckets of one server.
  static FairBatcher<AccountId, BatchedRecorder, Pending> batcher(Executor executor) {
    return new FairBatcher<>(executor, BATCHES, BatchedRecorder::handle);
  }

  /// A report, and the result that its caller waits for. Without a report, it is the signal to try
  /// the blocked reports of the account again.
  final class Pending {
    private final AccountId account;
    private final @Nullable TransitionReport report;
    private final CompletableFuture<RecordResult> result = new CompletableFuture<>();

    private Pending(AccountId account, @Nullable TransitionReport report) {
      this.account = account;
      this.report = report;
    }

    boolean isRetry() {
      return report == null;
    }

    TransitionReport report() {
      return Objects.requireNonNull(report);
    }

    RunId run() {
      return report().run();
    }

    void enqueue() {
      batcher.addAll(account, BatchedRecorder.this, List.of(this));
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

  /// @return one result for each report, in the same order
  List<RecordResult> record(List<TransitionReport> reports) {
    return submit(reports).get();
  }

  /// Queues reports.
  ///
  /// @return waits for their results, one for each report, in the same order; call it once
  Supplier<List<RecordResult>> submit(List<TransitionReport> reports) {
    List<Pending> pending =
        reports.stream()
            .map(report -> new Pending(report.run().stack().account(), report))
            .toList();
    Map<AccountId, List<Pending>> byAccount =
        pending.stream().collect(groupingBy(each -> each.account));
    Map<AccountId, Integer> counts = new HashMap<>();
    byAccount.forEach((account, group) -> counts.put(account, group.size()));
    waiting.add(counts);
    try {
      byAccount.forEach((account, group) -> batcher.addAll(account, this, group));
    } catch (RuntimeException e) {
      waiting.remove(counts);
      throw e;
    }
    return () -> {
      try {
        return pending.stream().map(Pending::await).toList();
      } finally {
        waiting.remove(counts);
      }
    };
  }

  private void handle(List<Pending> batch) {
    List<Pending> ready = new ArrayList<>();
    batch.stream()
        .filter(Pending::isRetry)
        .forEach(signal -> ready.addAll(blockedOf(signal.account).takeAll()));
    for (Pending pending : batch) {
      if (!pending.isRetry()) {
        if (isBlocked(pending)) {
          block(pending);
        } else {
          ready.add(pending);
        }
      }
    }
    if (!ready.isEmpty()) {
      recordBatch(ready).forEach(this::block);
    }
    if (!blockedByAccount.isEmpty()) {
      accounts(batch).forEach(this::planRetry);
    }
  }

  private static Set<AccountId> accounts(List<Pending> batch) {
    return batch.stream().map(pending -> pending.account).collect(Collectors.toSet());
  }

  private BlockedReports blockedOf(AccountId account) {
    return blockedByAccount.computeIfAbsent(account, ignored -> new BlockedReports(maxBlockedTime));
  }

  private boolean isBlocked(Pending pending) {
    BlockedReports blocked = blockedByAccount.get(pending.account);
    return blocked != null && blocked.contains(pending.run());
  }

  /// Completes the reports, except those whose run is locked.
  ///
  /// @return the reports to try again
  private List<Pending> recordBatch(List<Pending> batch) {
    List<Pending> busy = new ArrayList<>();
    List<Pending> remaining = batch;
    while (!remaining.isEmpty()) {
      int recorded = recordFirst(remaining, busy);
      remaining = withoutBusyRuns(remaining.subList(recorded, remaining.size()), busy);
    }
    return busy;
  }

  /// Records the first reports, as many as the recorder takes.
  ///
  /// @param busy gets those to try again
  /// @return how many reports need no further transaction
  private int recordFirst(List<Pending> batch, List<Pending> busy) {
    try {
      List<RecordResult> results = recorder.apply(batch.stream().map(Pending::report).toList());
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i) instanceof RecordResult.Failed(StoreBusyException ignored)) {
          busy.add(batch.get(i));
        } else {
          remove(batch.get(i));
          batch.get(i).result.complete(results.get(i));
        }
      }
      return results.size();
    } catch (StoreUnavailableException e) { // or busy: locked as a whole, because runs are skipped
      fail(batch, e);
      failQueued(e);
    } catch (RuntimeException | Error e) {
      busy.addAll(recordSingly(batch, e));
    }
    return batch.size();
  }

  /// Moves reports behind earlier ones of a locked run to these.
  private static List<Pending> withoutBusyRuns(List<Pending> batch, List<Pending> busy) {
    List<Pending> others = new ArrayList<>();
    batch.forEach(pending -> (isBehind(busy, pending) ? busy : others).add(pending));
    return others;
  }

  private static boolean isBehind(List<Pending> busy, Pending pending) {
    return busy.stream().anyMatch(earlier -> earlier.run().equals(pending.run()));
  }

  /// Queued reports to the server would wait just as long and fail as well.
  private void failQueued(StoreUnavailableException cause) {
    for (Pending queued : batcher.drain()) {
      if (queued.isRetry()) {
        queued.enqueue();
      } else {
        queued.result.completeExceptionally(cause);
      }
    }
  }

  private List<Pending> recordSingly(List<Pending> batch, Throwable failure) {
    if (batch.size() == 1) {
      fail(batch, failure);
      return List.of();
    }
    List<Pending> busy = new ArrayList<>();
    for (Pending pending : batch) {
      busy.addAll(isBehind(busy, pending) ? List.of(pending) : recordBatch(List.of(pending)));
    }
    return busy;
  }

  private void block(Pending pending) {
    if (!blockedOf(pending.account).add(pending)) {
      fail(
          List.of(pending),
          new StoreBusyException("another transaction has locked the run " + pending.run().name()));
    }
  }

  private void planRetry(AccountId account) {
    BlockedReports blocked = blockedOf(account);
    if (blocked.isEmpty()) {
      blockedByAccount.remove(account);
    }
    blocked
        .planRetry()
        .ifPresent(delay -> {
          try {
            int count = blocked.count();
            executor.execute(() -> retryAfter(delay, account, count));
          } catch (RejectedExecutionException e) {
            failBlocked(account, e);
          }
        });
  }

  /// Adds as many signals as there are reports, so that they share a batch only if they are few.
  private void retryAfter(Duration delay, AccountId account, int count) {
    Pause.pause(delay);
    try {
      batcher.addAll(account, this, Collections.nCopies(count, new Pending(account, null)));
    } catch (RejectedExecutionException e) { // no batch is running, and none will
      failBlocked(account, e);
    }
  }

  private void failBlocked(AccountId account, RejectedExecutionException cause) {
    fail(blockedOf(account).clear(), cause);
  }

  private void remove(Pending pending) {
    BlockedReports blocked = blockedByAccount.get(pending.account);
    if (blocked != null) {
      blocked.remove(pending);
    }
  }

  private void fail(Collection<Pending> batch, Throwable failure) {
    batch.forEach(pending -> {
      remove(pending);
      pending.result.completeExceptionally(failure);
    });
  }
}
