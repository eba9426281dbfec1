package dev.runhook.application.spi;

import java.time.Duration;

/// The store's past, kept in parts by time so that it can be forgotten without touching what is
/// newer. All times are by the store's clock: a process whose own clock is off must not forget what
/// is young.
public interface HistoryPartitions {
  /// Makes sure that what comes to be within that time from now has its parts ready.
  void createAhead(Duration ahead);

  /// Forgets events, deliveries and attempts, open ones too, of all parts that ended longer ago
  /// than that; returns how many parts those were.
  int dropOlderThan(Duration age);
}
