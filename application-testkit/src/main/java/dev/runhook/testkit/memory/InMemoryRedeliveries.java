package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope.OfWebhook;
import dev.runhook.application.spi.Events.RenderedEvent;
import dev.runhook.application.spi.Events.SkippedDelivery;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        .filter(candidate -> !database.erasedPayloads.contains(candidate.event()))
        .flatMap(candidate ->
            candidate.delivery().isPresent()
                ? repeated(candidate.delivery().get()).stream()
                : late(candidate.event()).stream())
        .toList();
  }

  private Optional<DeliveryContent> repeated(DeliveryId delivery) {
    return Optional.ofNullable(database.deliveries.get(delivery))
        .map(DeliveryRow::content)
        .map(content ->
            content.forDelivery(
                content.transition().flatMap(TransitionRef::previousVersion),
                Optional.of(delivery)));
  }

  private Optional<DeliveryContent> late(EventId event) {
    RenderedEvent rendered = Objects.requireNonNull(database.events.get(event));
    return asChange(rendered)
        .map(change ->
            new DeliveryContent(
                event,
                change.kind(),
                Optional.of(
                    new TransitionRef(
                        change.run().id().name(),
                        change.transition().state(),
                        change.transition().version())),
                rendered.payload(),
                Optional.empty(),
                change.trace()));
  }

  private static Optional<RunStateChanged> asChange(RenderedEvent rendered) {
    return rendered.event() instanceof RunStateChanged change
        ? Optional.of(change)
        : Optional.empty();
  }

  List<RedeliveryCandidate> findSkipped(DeliveryFilter filter, int limit) {
    if (!(filter.scope() instanceof OfWebhook scope)) {
      throw new IllegalArgumentException("the filter must select one webhook");
    }
    return database.skippedDeliveries.stream()
        .filter(skip -> skip.webhook().equals(scope.webhook()))
        .map(SkippedDelivery::event)
        .filter(event -> matches(filter, scope, event))
        .filter(event -> !hasAny(scope.webhook(), event))
        .sorted(comparing(event -> event.value().toString()))
        .limit(limit)
        .map(event -> new RedeliveryCandidate(Optional.empty(), event))
        .toList();
  }

  private boolean matches(DeliveryFilter filter, OfWebhook scope, EventId event) {
    Instant created = new DeliveryId(event.value()).createdAt();
    return Optional.ofNullable(database.events.get(event))
            .flatMap(InMemoryRedeliveries::asChange)
            .filter(change -> scope.run().map(change.run().id().name()::equals).orElse(true))
            .filter(change -> filter.state().map(change.transition().state()::equals).orElse(true))
            .isPresent()
        && filter.from().map(from -> !created.isBefore(from)).orElse(true)
        && filter.to().map(created::isBefore).orElse(true);
  }

  Optional<DeliveryId> findLastSuccess(WebhookId webhook) {
    return database.deliveries.values().stream()
        .filter(row -> row.webhook().equals(webhook) && row.status() == Delivery.Status.DELIVERED)
        .filter(row -> row.run().isPresent() && row.content().redeliveryOf().isEmpty())
        .map(DeliveryRow::id)
        .max(comparing(DeliveryId::toString));
  }

  Set<EventId> findRedelivered(WebhookId webhook, Collection<RedeliveryCandidate> candidates) {
    return candidates.stream()
        .filter(candidate ->
            candidate.delivery().isPresent()
                ? hasOpen(webhook, candidate.event()) || isOutdated(candidate.delivery().get())
                : hasAny(webhook, candidate.event()))
        .map(RedeliveryCandidate::event)
        .collect(Collectors.toSet());
  }

  /// Returns whether the event was sent to the webhook again later.
  boolean isRedelivered(Delivery delivery) {
    return database.deliveries.values().stream()
        .filter(row -> row.webhook().equals(delivery.webhook()))
        .filter(row -> row.content().event().equals(delivery.event()))
        .anyMatch(row -> row.id().value().compareTo(delivery.id().value()) > 0);
  }

  private boolean hasOpen(WebhookId webhook, EventId event) {
    return deliveries(webhook, event).anyMatch(DeliveryRow::isOpen);
  }

  private boolean hasAny(WebhookId webhook, EventId event) {
    return deliveries(webhook, event).findAny().isPresent();
  }

  private Stream<DeliveryRow> deliveries(WebhookId webhook, EventId event) {
    return database.deliveries.values().stream()
        .filter(row -> row.webhook().equals(webhook) && row.content().event().equals(event));
  }

  private boolean isOutdated(DeliveryId id) {
    return Optional.ofNullable(database.deliveries.get(id))
        .map(DeliveryRow::toDelivery)
        .filter(delivery -> delivery.status() != latestStatus(delivery))
        .isPresent();
  }

  /// Returns the status of the latest finished delivery of the same event to the same webhook.
  private Delivery.Status latestStatus(Delivery delivery) {
    return deliveries(delivery.webhook(), delivery.event())
        .filter(row -> !row.isOpen())
        .max(comparing(row -> row.id().value()))
        .map(DeliveryRow::status)
        .orElse(delivery.status());
  }
}
