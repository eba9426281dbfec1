package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.spi.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// Finds what redeliveries and replays send.
record InMemoryRedeliveries(InMemoryDatabase database) {
  List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    Map<UUID, RedeliveryCandidate> latest = new TreeMap<>();
    database.deliveries.values().stream()
        .filter(row -> !row.isOpen())
        .filter(row -> Filters.matches(filter, row))
        .map(DeliveryRow::toDelivery)
        .filter(delivery -> delivery.status() == latestStatus(delivery))
        .sorted(comparing(delivery -> delivery.id().value()))
        .forEach(delivery ->
            latest.put(
                delivery.event().value(),
                new RedeliveryCandidate(delivery.id(), delivery.event())));
    return latest.values().stream().limit(limit).toList();
  }

  List<DeliveryContent> findContents(Collection<RedeliveryCandidate> candidates) {
    return candidates.stream()
        .filter(candidate -> database.events.containsKey(candidate.event()))
        .filter(candidate -> !database.erasedPayloadHashes.containsKey(candidate.event()))
        .flatMap(candidate ->
            Optional.ofNullable(database.deliveries.get(candidate.delivery())).stream()
                .map(DeliveryRow::content)
                .map(content ->
                    new DeliveryContent(
                        content.event(),
                        content.kind(),
                        content.transition(),
                        content.payload(),
                        Optional.of(candidate.delivery()),
                        content.trace())))
        .toList();
  }

  Set<EventId> findRedelivered(WebhookId webhook, Collection<RedeliveryCandidate> candidates) {
    return candidates.stream()
        .filter(candidate -> hasOpen(webhook, candidate.event()) || isOutdated(candidate))
        .map(RedeliveryCandidate::event)
        .collect(Collectors.toSet());
  }

  private boolean hasOpen(WebhookId webhook, EventId event) {
    return database.deliveries.values().stream()
        .anyMatch(row ->
            row.isOpen() && row.webhook().equals(webhook) && row.content().event().equals(event));
  }

  private boolean isOutdated(RedeliveryCandidate candidate) {
    return Optional.ofNullable(database.deliveries.get(candidate.delivery()))
        .map(DeliveryRow::toDelivery)
        .filter(delivery -> delivery.status() != latestStatus(delivery))
        .isPresent();
  }

  /// Returns the status of the latest finished delivery of the same event to the same webhook.
  private Delivery.Status latestStatus(Delivery delivery) {
    return database.deliveries.values().stream()
        .filter(row -> !row.isOpen() && row.webhook().equals(delivery.webhook()))
        .filter(row -> row.content().event().equals(delivery.event()))
        .max(comparing(row -> row.id().value()))
        .map(DeliveryRow::status)
        .orElse(delivery.status());
  }
}
