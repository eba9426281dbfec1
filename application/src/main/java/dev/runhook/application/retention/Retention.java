package dev.runhook.application.retention;

import dev.runhook.application.spi.HistoryPartitions;
import java.time.Duration;

/// Creates the history partitions for the coming days and drops expired ones. A timer calls
/// [#apply] a few times a day.
public final class Retention {
  private static final Duration AHEAD = Duration.ofDays(7);

  private final HistoryPartitions partitions;
  private final Duration keep;

  /// @param keep how long events, deliveries and attempts are kept
  public Retention(HistoryPartitions partitions, Duration keep) {
    this.partitions = partitions;
    this.keep = keep;
  }

  /// @return how many partitions were dropped
  public int apply() {
    partitions.createAhead(AHEAD);
    return partitions.dropOlderThan(keep);
  }
}
