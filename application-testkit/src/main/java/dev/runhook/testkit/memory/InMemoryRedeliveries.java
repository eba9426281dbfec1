package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Redeliveries;
import dev.runhook.application.spi.RedeliveryCandidate;
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

final class InMemoryRedeliveries implements Redeliveries {
  private final InMemoryUnitOfWork unit;

  InMemoryRedeliveries(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    Map<UUID, RedeliveryCandidate> latest = new TreeMap<>();
    unit.database().deliveries.values().stream()
        .filter(row -> !row.isOpen())
        .map(DeliveryRow::toDelivery)
        .filter(delivery -> DeliveryFilters.matches(filter, delivery))
        .sorted(comparing(delivery -> delivery.id().value()))
        .forEach(delivery ->
            latest.put(
                delivery.event().value(),
                new RedeliveryCandidate(delivery.id(), delivery.event())));
    return latest.values().stream().limit(limit).toList();
  }

  @Override
  public List<DeliveryContent> findContents(Collection<RedeliveryCandidate> redeliveries) {
    return redeliveries.stream()
        .filter(
            redeliveryCandidate -> unit.database().events.containsKey(redeliveryCandidate.event()))
        .filter(redelivery -> !unit.database().erasedPayloadHashes.containsKey(redelivery.event()))
        .flatMap(redelivery ->
            Optional.ofNullable(unit.database().deliveries.get(redelivery.delivery())).stream()
                .map(DeliveryRow::content)
                .map(deliveryContent ->
                    new DeliveryContent(
                        deliveryContent.event(),
                        deliveryContent.kind(),
                        deliveryContent.transition(),
                        deliveryContent.payload(),
                        Optional.of(redelivery.delivery()),
                        deliveryContent.trace())))
        .toList();
  }

  @Override
  public Set<EventId> findOpenEvents(WebhookId webhook, Collection<EventId> events) {
    return unit.database().deliveries.values().stream()
        .filter(row -> row.isOpen() && row.webhook().equals(webhook))
        .map(row -> row.content().event())
        .filter(events::contains)
        .collect(Collectors.toSet());
  }
}
