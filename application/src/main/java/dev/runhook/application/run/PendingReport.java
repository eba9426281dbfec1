package dev.runhook.application.run;

import dev.runhook.application.spi.Bucket;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.TransitionReport;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A report, and the result that its caller waits for. Without a report, it is the signal to try
/// the blocked reports of the account again.
final class PendingReport {
  final Bucket bucket;
  final AccountId account;
  private final @Nullable TransitionReport report;
  final CompletableFuture<RecordResult> result = new CompletableFuture<>();

  private PendingReport(Bucket bucket, AccountId account, @Nullable TransitionReport report) {
    this.bucket = bucket;
    this.account = account;
    this.report = report;
  }

  static PendingReport of(Bucket bucket, TransitionReport report) {
    return new PendingReport(bucket, report.run().stack().account(), report);
  }

  static PendingReport retry(Bucket bucket, AccountId account) {
    return new PendingReport(bucket, account, null);
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

  RecordResult await() {
    try {
      return result.join();
    } catch (CompletionException e) {
      return new RecordResult.Failed(
          e.getCause() instanceof RuntimeException failure ? failure : e);
    }
  }
}
