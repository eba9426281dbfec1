package dev.runhook.testkit;

import static java.util.Comparator.comparingLong;

import dev.runhook.application.spi.LaneKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps the order in lanes: only the first open delivery of each is ever due.
final class Lanes {
  private final Tables tables;
  private final Instant now;

  Lanes(Tables tables, Instant now) {
    this.tables = tables;
    this.now = now;
  }

  /// Lets the lane of this delivery go on; one without a lane is due at once.
  void free(DeliveryRow row) {
    row.lane().ifPresentOrElse(this::free, () -> makeDue(row));
  }

  /// Makes the first of the lane due, if none is, and returns it then.
  Optional<DeliveryRow> free(LaneKey lane) {
    List<DeliveryRow> open =
        open(lane)
            .sorted(comparingLong(DeliveryRow::version).thenComparing(row -> row.id().value()))
            .toList();
    boolean hasHead = open.stream().anyMatch(row -> row.standing().due().isPresent());
    return open.isEmpty() || hasHead ? Optional.empty() : Optional.of(makeDue(open.getFirst()));
  }

  /// The head of the lane that this open delivery waits in, unless it is the head itself.
  Optional<DeliveryRow> headBefore(DeliveryRow waiting) {
    return waiting
        .lane()
        .filter(_ -> waiting.isOpen())
        .flatMap(lane -> open(lane).filter(row -> row.standing().due().isPresent()).findFirst())
        .filter(head -> !head.id().equals(waiting.id()));
  }

  private Stream<DeliveryRow> open(LaneKey lane) {
    return tables.deliveries.values().stream().filter(row -> row.isOpen() && row.isIn(lane));
  }

  private DeliveryRow makeDue(DeliveryRow row) {
    DeliveryRow due = row.with(row.standing().freed(now));
    tables.deliveries.put(due.id(), due);
    return due;
  }
}
