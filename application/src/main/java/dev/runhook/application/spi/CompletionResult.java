package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;
import java.util.Set;

/// What a settlement changed.
///
/// @param applied the deliveries that were still leased under their attempt's number; the others
///   stayed as they were
/// @param freed the lanes whose head was finished, at least those in which another delivery waits
public record CompletionResult(Set<DeliveryId> applied, Set<LaneKey> unblockedLanes) {
  public CompletionResult {
    applied = Set.copyOf(applied);
    unblockedLanes = Set.copyOf(unblockedLanes);
  }
}
