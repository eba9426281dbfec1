package dev.runhook.application.retention;

import dev.runhook.application.spi.HistoryPartitions;
import java.time.Duration;

final class PartitionRetention implements Retention {
  private static final Duration AHEAD = Duration.ofDays(7);

  private final HistoryPartitions historyPartitions;
  private final Duration keep;

  PartitionRetention(HistoryPartitions history, Duration keep) {
    this.historyPartitions = history;
    this.keep = keep;
  }

  @Override
  public int apply() {
    historyPartitions.createAhead(AHEAD);
    return historyPartitions.dropOlderThan(keep);
  }
}
