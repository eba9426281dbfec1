package dev.runhook.application.spi;

import java.time.Instant;

/// The store's past, kept in parts by time so that it can be forgotten without touching what is
/// newer.
public interface History {
  /// Makes sure that what comes to be until that instant has its parts ready.
  void prepare(Instant until);

  /// Forgets events, deliveries and attempts, open ones too, of all parts that end before that
  /// instant; returns how many parts those were.
  int forget(Instant before);
}
