package dev.runhook.testkit.memory;

import static java.util.Comparator.comparingLong;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.domain.delivery.Cancellation;
import dev.runhook.domain.delivery.DeliveryId;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Maintains the order of lanes: only the first open delivery of a lane is due. Deliveries of the
/// same version stay in the order in which they were added.
final class InMemoryLanes {
  private final InMemoryDatabase database;
  private final Instant now;

  InMemoryLanes(InMemoryDatabase database, Instant now) {
    this.database = database;
    this.now = now;
  }

  /// Promotes the next delivery of each lane of these deliveries; those without a lane become due.
  void promoteNext(Collection<DeliveryRow> added) {
    Set<LaneKey> lanes = new LinkedHashSet<>();
    added.forEach(row -> row.lane().ifPresentOrElse(lanes::add, () -> makeDue(row)));
    lanes.forEach(this::promoteNext);
  }

  /// Makes the first open delivery of the lane due, unless one is due already. Returns the promoted
  /// delivery.
  Optional<DeliveryRow> promoteNext(LaneKey lane) {
    List<DeliveryRow> open = open(lane).sorted(comparingLong(DeliveryRow::version)).toList();
    boolean hasHead = open.stream().anyMatch(row -> row.state().due().isPresent());
    return open.isEmpty() || hasHead ? Optional.empty() : Optional.of(makeDue(open.getFirst()));
  }

  /// Ends the deliveries that the newest one of the lane replaces, except those in flight.
  ///
  /// @return what it has ended; the lane may have no head now
  Set<DeliveryId> collapse(LaneKey lane) {
    List<DeliveryRow> replaced =
        open(lane)
            .filter(row -> !row.state().isLeased(now))
            .sorted(
                comparingLong(DeliveryRow::version)
                    .thenComparing(row -> row.id().value())
                    .reversed())
            .skip(1)
            .toList();
    replaced.forEach(row -> {
      database.put(row.withState(row.state().canceled()));
      database.cancellations.put(row.id(), new Cancellation(now, Optional.empty(), ""));
    });
    return replaced.stream().map(DeliveryRow::id).collect(Collectors.toSet());
  }

  /// Returns the head of the lane in which this open delivery waits; empty if it is the head
  /// itself.
  Optional<DeliveryRow> findBlockingHead(DeliveryRow waiting) {
    return waiting
        .lane()
        .filter(ignored -> waiting.isOpen())
        .flatMap(lane -> open(lane).filter(row -> row.state().due().isPresent()).findFirst())
        .filter(head -> !head.id().equals(waiting.id()));
  }

  private Stream<DeliveryRow> open(LaneKey lane) {
    return database.openDeliveries().filter(row -> row.isInLane(lane));
  }

  private DeliveryRow makeDue(DeliveryRow row) {
    DeliveryRow due = row.withState(row.state().promoted(now));
    database.put(due);
    return due;
  }
}
