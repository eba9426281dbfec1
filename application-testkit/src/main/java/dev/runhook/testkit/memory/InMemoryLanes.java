package dev.runhook.testkit.memory;

import static java.util.Comparator.comparingLong;

import dev.runhook.application.spi.LaneKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps the order in lanes: only the first open delivery of each is ever due.
final class InMemoryLanes {
  private final InMemoryDatabase inMemoryDatabase;
  private final Instant now;

  InMemoryLanes(InMemoryDatabase tables, Instant now) {
    this.inMemoryDatabase = tables;
    this.now = now;
  }

  /// Lets the lane of this delivery go on; one without a lane is due at once.
  void promoteNext(DeliveryRow row) {
    row.lane().ifPresentOrElse(this::promoteNext, () -> makeDue(row));
  }

  /// Makes the first of the lane due, if none is, and returns it then.
  Optional<DeliveryRow> promoteNext(LaneKey lane) {
    List<DeliveryRow> open =
        open(lane)
            .sorted(comparingLong(DeliveryRow::version).thenComparing(row -> row.id().value()))
            .toList();
    boolean hasHead = open.stream().anyMatch(row -> row.state().due().isPresent());
    return open.isEmpty() || hasHead ? Optional.empty() : Optional.of(makeDue(open.getFirst()));
  }

  /// The head of the lane that this open delivery waits in, unless it is the head itself.
  Optional<DeliveryRow> findBlockingHead(DeliveryRow waiting) {
    return waiting
        .lane()
        .filter(_ -> waiting.isOpen())
        .flatMap(lane -> open(lane).filter(row -> row.state().due().isPresent()).findFirst())
        .filter(head -> !head.id().equals(waiting.id()));
  }

  private Stream<DeliveryRow> open(LaneKey lane) {
    return inMemoryDatabase.deliveries.values().stream()
        .filter(row -> row.isOpen() && row.isInLane(lane));
  }

  private DeliveryRow makeDue(DeliveryRow row) {
    DeliveryRow due = row.withState(row.state().promoted(now));
    inMemoryDatabase.deliveries.put(due.id(), due);
    return due;
  }
}
