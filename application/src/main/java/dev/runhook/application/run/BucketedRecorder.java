package dev.runhook.application.run;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.batch.FairBatcher;
import dev.runhook.application.run.BatchedRecorder.Pending;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Passes the reports of each bucket to a [BatchedRecorder] of its own. The buckets of one server
/// take turns; a server that is unavailable or slow does not affect the reports to others.
/// Thread-safe.
final class BucketedRecorder {
  private final BucketRouter buckets;
  private final BiFunction<Bucket, List<TransitionReport>, List<RecordResult>> recorder;
  private final Executor executor;
  private final Duration maxBlockedTime;
  private final WaitingReports waiting = new WaitingReports();
  private final Map<Bucket, BatchedRecorder> recorders = new ConcurrentHashMap<>();

  /// By the server that has the buckets.
  private final Map<Object, FairBatcher<AccountId, BatchedRecorder, Pending>> batchers =
      new ConcurrentHashMap<>();

  /// @param recorder records reports in one transaction of their bucket, as a [BatchedRecorder]
  ///   requires
  BucketedRecorder(
      BucketRouter buckets,
      BiFunction<Bucket, List<TransitionReport>, List<RecordResult>> recorder,
      Executor executor,
      Duration maxBlockedTime) {
    this.buckets = buckets;
    this.recorder = recorder;
    this.executor = executor;
    this.maxBlockedTime = maxBlockedTime;
  }

  /// @return one result for each report, in the same order
  List<RecordResult> record(List<TransitionReport> reports) {
    Map<Bucket, List<TransitionReport>> byBucket =
        reports.stream()
            .collect(groupingBy(this::bucketOf, LinkedHashMap::new, Collectors.toList()));
    if (byBucket.size() == 1) {
      return recorderOf(byBucket.keySet().iterator().next()).record(reports);
    }
    Map<Bucket, Supplier<List<RecordResult>>> submitted = new LinkedHashMap<>();
    byBucket.forEach((bucket, group) -> submitted.put(bucket, submit(bucket, group)));
    Map<Bucket, Iterator<RecordResult>> results = new HashMap<>();
    submitted.forEach((bucket, result) -> results.put(bucket, result.get().iterator()));
    return reports.stream()
        .map(report -> requireNonNull(results.get(bucketOf(report))).next())
        .toList();
  }

  private Bucket bucketOf(TransitionReport report) {
    return buckets.of(report.run().stack());
  }

  private Supplier<List<RecordResult>> submit(Bucket bucket, List<TransitionReport> reports) {
    try {
      return recorderOf(bucket).submit(reports);
    } catch (RuntimeException e) { // the reports to other buckets may already be recorded
      return () -> Collections.nCopies(reports.size(), new RecordResult.Failed(e));
    }
  }

  private BatchedRecorder recorderOf(Bucket bucket) {
    return recorders.computeIfAbsent(
        bucket,
        ignored ->
            new BatchedRecorder(
                reports -> recorder.apply(bucket, reports),
                batchers.computeIfAbsent(
                    bucket.server(), server -> BatchedRecorder.batcher(executor)),
                executor,
                maxBlockedTime,
                waiting));
  }
}
