package dev.runhook.testkit;

import static java.util.Comparator.comparing;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Redeliveries;
import dev.runhook.application.spi.Redelivery;
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
  public List<Redelivery> matching(DeliveryFilter filter, int limit) {
    Map<UUID, Redelivery> latest = new TreeMap<>();
    unit.tables().deliveries.values().stream()
        .filter(row -> !row.isOpen())
        .map(DeliveryRow::delivery)
        .filter(delivery -> Filtering.passes(filter, delivery))
        .sorted(comparing(delivery -> delivery.id().value()))
        .forEach(delivery ->
            latest.put(delivery.event().value(), new Redelivery(delivery.id(), delivery.event())));
    return latest.values().stream().limit(limit).toList();
  }

  @Override
  public List<Letter> letters(Collection<Redelivery> redeliveries) {
    return redeliveries.stream()
        .filter(redelivery -> unit.tables().events.containsKey(redelivery.event()))
        .filter(redelivery -> !unit.tables().erased.containsKey(redelivery.event()))
        .flatMap(redelivery ->
            Optional.ofNullable(unit.tables().deliveries.get(redelivery.delivery())).stream()
                .map(DeliveryRow::letter)
                .map(letter ->
                    new Letter(
                        letter.event(),
                        letter.kind(),
                        letter.move(),
                        letter.payload(),
                        Optional.of(redelivery.delivery()),
                        letter.trace())))
        .toList();
  }

  @Override
  public Set<EventId> open(WebhookId webhook, Collection<EventId> events) {
    return unit.tables().deliveries.values().stream()
        .filter(row -> row.isOpen() && row.webhook().equals(webhook))
        .map(row -> row.letter().event())
        .filter(events::contains)
        .collect(Collectors.toSet());
  }
}
