package dev.runhook.application.run;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.batch.Batcher;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.run.RunJournal.Dependencies;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets callers who report at the same moment share a transaction: one commit carries them all.
/// Nobody suffers from another's report: what is refused is refused alone, and where a batch fails
/// as a whole, each report is tried by itself.
final class BatchedRecorder {
  /// Callers who were answered just now are about to come again.
  private static final Batcher.Policy BATCHES = new Batcher.Policy(256, Duration.ofMillis(1), 1, 1);

  /// Beyond these a caller is better told to come again than kept waiting.
  private static final int MOST_WAITING = 10_000;

  private final Outbox outbox;
  private final Dependencies dependencies;
  private final Batcher<Pending> batches;
  private final AtomicInteger waiting = new AtomicInteger();

  BatchedRecorder(Outbox outbox, Dependencies recorder, Executor executor) {
    this.outbox = outbox;
    this.dependencies = recorder;
    this.batches = Batcher.using(executor, BATCHES, this::recordTogether);
  }

  /// A report and the caller who waits for what becomes of it.
  private record Pending(TransitionReport report, CompletableFuture<PendingResult> verdict) {
    RecordResult await() {
      try {
        return verdict.join().toRecordResult();
      } catch (CompletionException e) {
        return new RecordResult.Failed(
            e.getCause() instanceof RuntimeException failure ? failure : e);
      }
    }
  }

  /// What became of each, in their order.
  List<RecordResult> record(List<TransitionReport> reports) {
    return IdempotentRequests.isInsideRequest() ? recordAlone(reports) : recordWithOthers(reports);
  }

  /// In a transaction that carries the mark of its request, which it could not share.
  private List<RecordResult> recordAlone(List<TransitionReport> reports) {
    return recordAtOnce(reports).stream().map(PendingResult::toRecordResult).toList();
  }

  private List<RecordResult> recordWithOthers(List<TransitionReport> reports) {
    int many = reports.size();
    if (waiting.addAndGet(many) > MOST_WAITING) {
      waiting.addAndGet(-many);
      throw new StoreBusyException("too many reports are waiting to be recorded");
    }
    try {
      List<Pending> pending =
          reports.stream()
              .map(transitionReport -> new Pending(transitionReport, new CompletableFuture<>()))
              .toList();
      batches.addAll(pending);
      return pending.stream().map(Pending::await).toList();
    } finally {
      waiting.addAndGet(-many);
    }
  }

  private void recordTogether(List<Pending> batch) {
    try {
      answer(batch);
    } catch (StoreBusyException e) {
      recordSingly(batch, e);
    } catch (StoreUnavailableException e) {
      fail(batch, e);
      fail(batches.drain(), e); // they would only wait as long for the same
    } catch (RuntimeException | Error e) {
      recordSingly(batch, e);
    }
  }

  private void recordSingly(List<Pending> batch, Throwable failure) {
    if (batch.size() == 1) {
      fail(batch, failure);
    } else {
      batch.forEach(pending -> recordTogether(List.of(pending)));
    }
  }

  private static void fail(List<Pending> pending, Throwable failure) {
    pending.forEach(one -> one.verdict().completeExceptionally(failure));
  }

  private void answer(List<Pending> batch) {
    List<TransitionReport> reports = batch.stream().map(Pending::report).toList();
    List<PendingResult> verdicts = recordAtOnce(reports);
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).verdict().complete(verdicts.get(i));
    }
  }

  private List<PendingResult> recordAtOnce(List<TransitionReport> reports) {
    return outbox.inTransaction((unit, deliveryWriter) ->
        new TransitionRecorder(unit, deliveryWriter, dependencies).record(reports));
  }
}
