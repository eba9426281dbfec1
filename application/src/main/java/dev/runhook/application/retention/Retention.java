package dev.runhook.application.retention;

import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.HistoryPartitions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Creates the history partitions for the coming days and drops expired ones. A timer calls
/// [#apply] a few times a day.
public final class Retention {
  private static final Duration AHEAD = Duration.ofDays(7);

  private final List<HistoryPartitions> buckets;
  private final Duration keep;

  /// @param keep how long events, deliveries and attempts are kept
  public Retention(HistoryPartitions partitions, Duration keep) {
    this(List.of(partitions), keep);
  }

  /// @param buckets the history of each bucket
  /// @param keep how long events, deliveries and attempts are kept
  public Retention(List<HistoryPartitions> buckets, Duration keep) {
    this.buckets = List.copyOf(buckets);
    this.keep = keep;
  }

  /// Handles all buckets, even if one of them fails. Then the failure is thrown.
  ///
  /// @return how many partitions were dropped
  public int apply() {
    AtomicInteger dropped = new AtomicInteger();
    BucketRouter.forEach(
        buckets,
        partitions -> {
          partitions.createAhead(AHEAD);
          dropped.addAndGet(partitions.dropOlderThan(keep));
        });
    return dropped.get();
  }
}
