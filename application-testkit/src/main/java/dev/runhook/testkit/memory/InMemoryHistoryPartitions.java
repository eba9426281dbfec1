package dev.runhook.testkit.memory;

import static java.time.temporal.ChronoUnit.DAYS;

import dev.runhook.application.spi.HistoryPartitions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/// Treats each day (UTC) of the history as a partition.
final class InMemoryHistoryPartitions implements HistoryPartitions {
  private final InMemoryTransactor transactor;

  InMemoryHistoryPartitions(InMemoryTransactor transactor) {
    this.transactor = transactor;
  }

  @Override
  public void createAhead(Duration ahead) {
    // there is nothing to create
  }

  @Override
  public int dropOlderThan(Duration age) {
    return transactor.inTransaction(
        unit -> drop(((InMemoryUnitOfWork) unit).database(), unit.now().minus(age)));
  }

  private static int drop(InMemoryDatabase database, Instant limit) {
    Instant firstDay = limit.truncatedTo(DAYS);
    Set<Instant> expired = new HashSet<>();
    database.events.keySet().forEach(id -> expired.add(dayOf(id.value())));
    database.deliveries.keySet().forEach(id -> expired.add(dayOf(id.value())));
    database.auditEvents.forEach(event -> expired.add(dayOf(event.id().value())));
    expired.removeIf(day -> !day.isBefore(firstDay));
    database.events.keySet().removeIf(id -> expired.contains(dayOf(id.value())));
    database.skippedDeliveries.removeIf(skip -> expired.contains(dayOf(skip.event().value())));
    database.deliveries.keySet().removeIf(id -> expired.contains(dayOf(id.value())));
    database.auditEvents.removeIf(event -> expired.contains(dayOf(event.id().value())));
    database.replays.values().removeIf(row -> row.replay().createdAt().isBefore(firstDay));
    database.deletedWebhooks.values().removeIf(webhook -> webhook.deletedAt().isBefore(firstDay));
    return expired.size();
  }

  /// Returns the day of a UUID of version 7.
  private static Instant dayOf(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16).truncatedTo(DAYS);
  }
}
