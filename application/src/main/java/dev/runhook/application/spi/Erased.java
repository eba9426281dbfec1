package dev.runhook.application.spi;

import dev.runhook.domain.event.EventId;
import java.util.Optional;

/// What came of forgetting payloads.
///
/// @param forgotten how many there were and are no more
/// @param kept how many are still to be sent, and so were left
/// @param last where to go on after; absent where nothing is left to look at
public record Erased(long forgotten, long kept, Optional<EventId> last) {
  public static Erased nothing() {
    return new Erased(0, 0, Optional.empty());
  }

  /// This and what came of going on.
  public Erased and(Erased next) {
    return new Erased(forgotten + next.forgotten, kept + next.kept, next.last);
  }
}
