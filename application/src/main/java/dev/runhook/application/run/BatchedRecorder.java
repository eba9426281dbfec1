package dev.runhook.application.run;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.batch.Batcher;
import dev.runhook.application.batch.Pause;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets concurrent callers share a transaction, so that one commit serves them all. One report
/// cannot affect another: a refusal concerns one report only, and if a batch fails as a whole, each
/// of its reports is tried in its own transaction.
///
/// Reports of a run that another transaction has locked do not hold up the others. They are tried
/// again with later batches, in their order, and fail when the run stays locked. Thread-safe.
final class BatchedRecorder {
  /// The short linger pays off because callers that have just been served tend to call again.
  private static final Batcher.Policy BATCHES = new Batcher.Policy(256, Duration.ofMillis(1), 1, 1);

  /// Above this limit, callers are rejected instead of queued.
  private static final int MAX_WAITING = 10_000;

  /// The most reports that wait for locked runs. They must not use up the limit of all others.
  private static final int MAX_BLOCKED = 1_000;

  private static final Duration MIN_RETRY_DELAY = Duration.ofMillis(2);
  private static final Duration MAX_RETRY_DELAY = Duration.ofMillis(50);

  private final Function<List<TransitionReport>, List<RecordResult>> recorder;
  private final Executor executor;
  private final Duration maxBlockedTime;
  private final Batcher<Pending> batcher;
  private final AtomicInteger waiting = new AtomicInteger();

  /// The reports that wait for locked runs, in their order. Only the handler of the batcher uses
  /// this and the next two fields, one batch at a time.
  private final Map<RunId, List<Pending>> blocked = new LinkedHashMap<>();

  /// How long each of these reports has waited for its run, at least.
  private final IdentityHashMap<Pending, Duration> blockedTimes = new IdentityHashMap<>();

  private boolean retryPlanned;

  /// @param recorder records reports in one transaction, without waiting for locked runs: their
  ///   reports fail with a [StoreBusyException]
  /// @param maxBlockedTime how long a report waits for its run at least, before it fails
  BatchedRecorder(
      Function<List<TransitionReport>, List<RecordResult>> recorder,
      Executor executor,
      Duration maxBlockedTime) {
    this.recorder = recorder;
    this.executor = executor;
    this.maxBlockedTime = maxBlockedTime;
    this.batcher = new Batcher<>(executor, BATCHES, this::handle);
  }

  /// A report, and the result that its caller waits for. Without a report, it is the signal to try
  /// the blocked reports again.
  private static final class Pending {
    static final Pending RETRY = new Pending(null);

    private final @Nullable TransitionReport report;
    private final CompletableFuture<RecordResult> result = new CompletableFuture<>();

    Pending(@Nullable TransitionReport report) {
      this.report = report;
    }

    TransitionReport report() {
      return Objects.requireNonNull(report);
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

  /// @return one result for each report, in the same order
  List<RecordResult> record(List<TransitionReport> reports) {
    int count = reports.size();
    if (waiting.addAndGet(count) > MAX_WAITING) {
      waiting.addAndGet(-count);
      throw new StoreBusyException("too many reports are waiting to be recorded");
    }
    try {
      List<Pending> pending = reports.stream().map(Pending::new).toList();
      batcher.addAll(pending);
      return pending.stream().map(Pending::await).toList();
    } finally {
      waiting.addAndGet(-count);
    }
  }

  private void handle(List<Pending> batch) {
    List<Pending> ready = new ArrayList<>();
    if (batch.contains(Pending.RETRY)) {
      retryPlanned = false;
      blocked.values().forEach(ready::addAll);
      blocked.clear();
    }
    for (Pending pending : batch) {
      if (pending != Pending.RETRY && blocked.containsKey(pending.run())) {
        block(pending);
      } else if (pending != Pending.RETRY) {
        ready.add(pending);
      }
    }
    if (!ready.isEmpty()) {
      recordBatch(ready).forEach(this::block);
    }
    planRetry();
  }

  /// Completes the reports, except those whose run is locked.
  ///
  /// @return the reports to try again
  private List<Pending> recordBatch(List<Pending> batch) {
    try {
      List<RecordResult> results = recorder.apply(batch.stream().map(Pending::report).toList());
      List<Pending> busy = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        if (results.get(i) instanceof RecordResult.Failed(StoreBusyException _)) {
          busy.add(batch.get(i));
        } else {
          blockedTimes.remove(batch.get(i));
          batch.get(i).result.complete(results.get(i));
        }
      }
      return busy;
    } catch (StoreBusyException e) {
      return recordSingly(batch, e);
    } catch (StoreUnavailableException e) {
      fail(batch, e);
      List<Pending> queued = batcher.drain();
      fail(queued, e); // these reports would wait just as long and fail as well
      retryPlanned &= !queued.contains(Pending.RETRY);
    } catch (RuntimeException | Error e) {
      return recordSingly(batch, e);
    }
    return List.of();
  }

  private List<Pending> recordSingly(List<Pending> batch, Throwable failure) {
    if (batch.size() == 1) {
      fail(batch, failure);
      return List.of();
    }
    List<Pending> busy = new ArrayList<>();
    for (Pending pending : batch) {
      boolean isBehindBusy = busy.stream().anyMatch(earlier -> earlier.run().equals(pending.run()));
      busy.addAll(isBehindBusy ? List.of(pending) : recordBatch(List.of(pending)));
    }
    return busy;
  }

  private void block(Pending pending) {
    Duration blockedTime = blockedTimes.getOrDefault(pending, Duration.ZERO);
    boolean isNew = !blockedTimes.containsKey(pending);
    boolean isFull = isNew && blockedTimes.size() >= MAX_BLOCKED;
    if (isFull || blockedTime.compareTo(maxBlockedTime) >= 0) {
      fail(
          List.of(pending),
          new StoreBusyException("another transaction has locked the run " + pending.run().name()));
    } else {
      blockedTimes.put(pending, blockedTime);
      blocked.computeIfAbsent(pending.run(), _ -> new ArrayList<>()).add(pending);
    }
  }

  /// Plans to try the blocked reports again: soon, and then at growing intervals. Most locks are
  /// those of completions and end within milliseconds.
  private void planRetry() {
    if (blocked.isEmpty() || retryPlanned) {
      return;
    }
    Duration shortest = Collections.min(blockedTimes.values());
    Duration delay =
        Collections.max(
            List.of(MIN_RETRY_DELAY, Collections.min(List.of(shortest, MAX_RETRY_DELAY))));
    blockedTimes.replaceAll((_, time) -> time.plus(delay));
    retryPlanned = true;
    try {
      executor.execute(() -> retryAfter(delay));
    } catch (RejectedExecutionException e) {
      failBlocked(e);
    }
  }

  private void retryAfter(Duration delay) {
    Pause.pause(delay);
    try {
      batcher.add(Pending.RETRY);
    } catch (RejectedExecutionException e) { // no batch is running, and none will
      failBlocked(e);
    }
  }

  private void failBlocked(RejectedExecutionException cause) {
    retryPlanned = false;
    blocked.clear();
    fail(List.copyOf(blockedTimes.keySet()), cause);
  }

  private void fail(List<Pending> batch, Throwable failure) {
    batch.forEach(pending -> {
      blockedTimes.remove(pending);
      pending.result.completeExceptionally(failure);
    });
  }
}
