package dev.runhook.application.spi;

import java.util.UUID;

/// Generates unique ids. Thread-safe.
public interface IdGenerator {
  /// Returns a UUID of version 7, which is ordered by time with millisecond precision.
  UUID next();

  /// Returns a ULID, as the name of a run whose reporter provides none.
  String nextRunName();
}
