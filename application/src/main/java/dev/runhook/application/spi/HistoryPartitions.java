package dev.runhook.application.spi;

import java.time.Duration;

/// The history of the store, partitioned by time so that old data is dropped without touching newer
/// data. Times use the clock of the store, because a wrong clock of this process must not drop
/// recent data.
public interface HistoryPartitions {
  /// Creates the partitions for the given time from now on, if they do not exist.
  void createAhead(Duration ahead);

  /// Drops all partitions that ended longer ago than the given age, with their events, deliveries
  /// and attempts. This includes open deliveries.
  ///
  /// @return how many partitions were dropped
  int dropOlderThan(Duration age);
}
