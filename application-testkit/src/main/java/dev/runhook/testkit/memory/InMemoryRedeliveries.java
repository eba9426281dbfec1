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
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds what redeliveries and replays send. An event has at most one open delivery to a webhook,
/// so its deliveries finish in the order in which they were added.
record InMemoryRedeliveries(InMemoryDatabase database) {
  List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    Map<EventId, DeliveryRow> latest = new LinkedHashMap<>();
    database.deliveries.values().stream()
        .filter(row -> !row.isOpen())
        .filter(row -> Filters.matches(filter, row))
        .filter(row -> row.status() == latestStatus(row))
        .forEach(row -> latest.put(row.content().event(), row));
    return latest.values().stream()
        .sorted(
            comparing((DeliveryRow row) -> row.run().map(RunId::name).orElse(""))
                .thenComparing(DeliveryRow::version))
        .limit(limit)
        .map(row -> new RedeliveryCandidate(row.id(), row.content().event()))
        .toList();
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

  List<RedeliveryCandidate> findSkipped(DeliveryFilter filter, Set<RunState> states, int limit) {
    if (!(filter.scope() instanceof OfWebhook scope)) {
      throw new IllegalArgumentException("the filter must select one webhook");
    }
    return database.skippedDeliveries.stream()
        .filter(skip -> skip.webhook().equals(scope.webhook()))
        .map(SkippedDelivery::event)
        .filter(event -> !hasAny(scope.webhook(), event))
        .flatMap(event ->
            Optional.ofNullable(database.events.get(event))
                .flatMap(InMemoryRedeliveries::asChange)
                .stream())
        .filter(change -> matches(filter, scope, change))
        .filter(change -> states.isEmpty() || states.contains(change.transition().state()))
        .sorted(
            comparing((RunStateChanged change) -> change.run().id().name())
                .thenComparing(change -> change.transition().version()))
        .limit(limit)
        .map(change -> new RedeliveryCandidate(Optional.empty(), change.id()))
        .toList();
  }

  private static boolean matches(DeliveryFilter filter, OfWebhook scope, RunStateChanged change) {
    Instant created = new DeliveryId(change.id().value()).createdAt();
    return scope.run().map(change.run().id().name()::equals).orElse(true)
        && filter.state().map(change.transition().state()::equals).orElse(true)
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
        .filter(row -> row.status() != latestStatus(row))
        .isPresent();
  }

  /// Returns the status of the last finished delivery of the same event to the same webhook.
  private Delivery.Status latestStatus(DeliveryRow row) {
    return deliveries(row.webhook(), row.content().event())
        .filter(other -> !other.isOpen())
        .reduce((ignored, last) -> last)
        .map(DeliveryRow::status)
        .orElse(row.status());
  }
}
