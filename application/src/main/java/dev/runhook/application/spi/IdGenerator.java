package dev.runhook.application.spi;

import java.util.UUID;

/// Makes ids that nobody made before.
public interface IdGenerator {
  /// A UUID of version 7: its order is that of time, to the millisecond.
  UUID next();

  /// A name for a run whose reporter gave none: a ULID.
  String nextRunName();
}
