package dev.runhook.application.spi;

import dev.runhook.domain.event.EventId;
import java.util.Optional;

/// What came of forgetting payloads.
///
/// @param forgotten how many there were and are no more
/// @param kept how many are still to be sent, and so were left
/// @param last where to go on after; absent where nothing is left to look at
public record ErasureProgress(long erased, long retained, Optional<EventId> lastEvent) {
  public static ErasureProgress none() {
    return new ErasureProgress(0, 0, Optional.empty());
  }

  /// This and what came of going on.
  public ErasureProgress plus(ErasureProgress next) {
    return new ErasureProgress(erased + next.erased, retained + next.retained, next.lastEvent);
  }
}
