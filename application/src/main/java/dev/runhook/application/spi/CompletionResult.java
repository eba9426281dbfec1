package dev.runhook.application.spi;

import dev.runhook.domain.delivery.DeliveryId;
import java.util.Set;

/// The result of completing attempts.
///
/// @param applied the deliveries that were still leased under the attempt's number; the others did
///   not change
/// @param unblockedLanes the lanes whose head is finished; lanes without another delivery may be
///   missing
public record CompletionResult(Set<DeliveryId> applied, Set<LaneKey> unblockedLanes) {
  public CompletionResult {
    applied = Set.copyOf(applied);
    unblockedLanes = Set.copyOf(unblockedLanes);
  }
}
