package dev.runhook.application.retention;

import dev.runhook.application.spi.HistoryPartitions;
import java.time.Duration;

/// For a timer, a few times a day: makes room for what is to come and forgets what is too old.
public interface Retention {
  /// @param keep how long events, deliveries and attempts are remembered
  static Retention using(HistoryPartitions historyPartitions, Duration keep) {
    return new PartitionRetention(historyPartitions, keep);
  }

  /// Prepares the days ahead and forgets what is past its time; returns how many parts of the
  /// history were forgotten.
  int apply();
}
