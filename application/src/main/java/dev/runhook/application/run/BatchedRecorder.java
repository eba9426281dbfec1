package dev.runhook.application.run;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.batch.Batcher;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Lets concurrent callers share a transaction, so that one commit serves them all. One report
/// cannot affect another: a refusal concerns one report only, and if a batch fails as a whole, each
/// of its reports is tried in its own transaction. Thread-safe.
final class BatchedRecorder {
  /// The short linger pays off because callers that have just been served tend to call again.
  private static final Batcher.Policy BATCHES = new Batcher.Policy(256, Duration.ofMillis(1), 1, 1);

  /// Above this limit, callers are rejected instead of queued.
  private static final int MAX_WAITING = 10_000;

  private final Function<List<TransitionReport>, List<RecordResult>> recorder;
  private final Batcher<Pending> batcher;
  private final AtomicInteger waiting = new AtomicInteger();

  /// @param recorder records reports in one transaction
  BatchedRecorder(
      Function<List<TransitionReport>, List<RecordResult>> recorder, Executor executor) {
    this.recorder = recorder;
    this.batcher = new Batcher<>(executor, BATCHES, this::recordBatch);
  }

  /// A report, and the result that its caller waits for.
  private record Pending(TransitionReport report, CompletableFuture<RecordResult> result) {
    Pending(TransitionReport report) {
      this(report, new CompletableFuture<>());
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

  private void recordBatch(List<Pending> batch) {
    try {
      List<RecordResult> results = recorder.apply(batch.stream().map(Pending::report).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).result().complete(results.get(i));
      }
    } catch (StoreBusyException e) {
      recordSingly(batch, e);
    } catch (StoreUnavailableException e) {
      fail(batch, e);
      fail(batcher.drain(), e); // the queued reports would wait just as long and fail as well
    } catch (RuntimeException | Error e) {
      recordSingly(batch, e);
    }
  }

  private void recordSingly(List<Pending> batch, Throwable failure) {
    if (batch.size() == 1) {
      fail(batch, failure);
    } else {
      batch.forEach(pending -> recordBatch(List.of(pending)));
    }
  }

  private static void fail(List<Pending> batch, Throwable failure) {
    batch.forEach(pending -> pending.result().completeExceptionally(failure));
  }
}
