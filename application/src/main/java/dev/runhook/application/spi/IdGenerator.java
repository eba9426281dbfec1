package dev.runhook.application.spi;

import dev.runhook.domain.run.StackId;
import java.util.UUID;

/// Generates unique ids. Thread-safe.
public interface IdGenerator {
  /// Returns a UUID of version 7, which is ordered by time with millisecond precision.
  UUID next();

  /// Returns an id of the same kind for something that belongs to the stack, such as a delivery.
  /// With several buckets, it contains the stack's bucket ([Buckets#ids]).
  default UUID next(StackId stack) {
    return next();
  }

  /// Returns a ULID, as the name of a run whose reporter provides none.
  String nextRunName();
}
