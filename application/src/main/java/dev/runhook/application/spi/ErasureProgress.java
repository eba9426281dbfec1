package dev.runhook.application.spi;

import dev.runhook.domain.event.EventId;
import java.util.Optional;

/// The progress of an erasure of payloads.
///
/// @param erased how many payloads were erased
/// @param retained how many payloads still have an open delivery
/// @param lastEvent the event to continue after; absent if no event is left
public record ErasureProgress(long erased, long retained, Optional<EventId> lastEvent) {
  public static ErasureProgress none() {
    return new ErasureProgress(0, 0, Optional.empty());
  }

  public ErasureProgress plus(ErasureProgress next) {
    return new ErasureProgress(erased + next.erased, retained + next.retained, next.lastEvent);
  }
}
