package dev.runhook.persistence.delivery;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope.OfWebhook;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.RedeliveryCandidate;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Finds finished deliveries that can be redelivered, and what a redelivery of them would carry.
final class FindRedeliverable {
  /// From the streams of [ListDeliveries]; the latest of those that told the same.
  private static final String MATCHING =
      """
      select distinct on (m.event_id) m.id, m.event_id
      from unnest(:statuses) as how (status) cross join unnest(:states) as wanted (state) cross join lateral (
        select d.id, d.event_id from runhook.delivery d
        where d.id >= :least::uuid and d.id < :before::uuid
          and (d.webhook_id, d.status, coalesce(d.state, ''), d.id) >= (:webhook::uuid, how.status, wanted.state, :least::uuid)
          and (d.webhook_id, d.status, coalesce(d.state, ''), d.id) < (:webhook::uuid, how.status, wanted.state, :before::uuid)
        order by d.webhook_id desc, d.status desc, coalesce(d.state, '') desc, d.id desc
        limit :limit) m
      order by m.event_id, m.id desc
      limit :limit
      """;

  /// By their lanes, so that a long queue of the webhook is not walked.
  private static final String OPEN =
      """
      select q.event_id from runhook.delivery_queue q
      where q.webhook_id = :webhook::uuid and q.event_id = any (:events)
        and q.run_id = any (array(select e.run_id from runhook.event e where e.id = any (:events) and e.run_id is not null))
      union all
      select q.event_id from runhook.delivery_queue q
      where q.webhook_id = :webhook::uuid and q.run_id is null and q.event_id = any (:events)
      """;

  private final TransactionScope transactionScope;

  FindRedeliverable(TransactionScope transactionScope) {
    this.transactionScope = transactionScope;
  }

  List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit) {
    if (!(filter.scope() instanceof OfWebhook(_, WebhookId webhook, Optional<String> run))
        || run.isPresent()) {
      throw new IllegalArgumentException("deliveries are repeated to one webhook, of all runs");
    }
    return UnnestParameters.of(ListDeliveries.finishedStatuses(filter))
        .texts("statuses", Enum::name)
        .bindTo(
            UnnestParameters.of(ListDeliveries.states(filter))
                .texts("states", state -> state)
                .bindTo(transactionScope.unpreparedQuery(MATCHING)))
        .bind("webhook", webhook.value())
        .bind("least", IdRange.lowerBound(filter.from()))
        .bind("before", IdRange.upperBound(filter.to(), Optional.empty()))
        .bind("limit", limit)
        .map((row, _) ->
            new RedeliveryCandidate(
                new DeliveryId(row.getObject("id", UUID.class)),
                new EventId(row.getObject("event_id", UUID.class))))
        .list();
  }

  List<DeliveryContent> findContents(Collection<RedeliveryCandidate> redeliveries) {
    Map<UUID, LeasedDeliveryReader.EventContent> tellings =
        new LeasedDeliveryReader(transactionScope)
            .findContents(
                redeliveries.stream()
                    .map(redeliveryCandidate -> redeliveryCandidate.event().value())
                    .toList());
    Map<DeliveryId, Optional<Long>> previous = previous(redeliveries);
    return redeliveries.stream()
        .flatMap(redelivery ->
            Stream.ofNullable(tellings.get(redelivery.event().value()))
                .map(eventContent ->
                    letter(
                        redelivery,
                        eventContent,
                        previous.getOrDefault(redelivery.delivery(), Optional.empty()))))
        .toList();
  }

  private Map<DeliveryId, Optional<Long>> previous(Collection<RedeliveryCandidate> redeliveries) {
    Map<DeliveryId, Optional<Long>> previous = new HashMap<>();
    UnnestParameters.of(redeliveries)
        .uuids("ids", redeliveryCandidate -> redeliveryCandidate.delivery().value())
        .bindTo(
            transactionScope.unpreparedQuery(
                "select id, previous_version from runhook.all_deliveries where id = any (:ids)"))
        .map((row, _) ->
            Map.entry(
                new DeliveryId(row.getObject("id", UUID.class)),
                Optional.ofNullable((Long) row.getObject("previous_version"))))
        .forEach(one -> previous.put(one.getKey(), one.getValue()));
    return previous;
  }

  private static DeliveryContent letter(
      RedeliveryCandidate redeliveryCandidate,
      LeasedDeliveryReader.EventContent eventContent,
      Optional<Long> previous) {
    return new DeliveryContent(
        redeliveryCandidate.event(),
        eventContent.kind(),
        eventContent.move().map(transitionRef -> transitionRef.withPreviousVersion(previous)),
        eventContent.payload(),
        Optional.of(redeliveryCandidate.delivery()),
        eventContent.trace());
  }

  Set<EventId> findOpenEvents(WebhookId webhook, Collection<EventId> events) {
    return UnnestParameters.of(events)
        .uuids("events", EventId::value)
        .bindTo(transactionScope.unpreparedQuery(OPEN))
        .bind("webhook", webhook.value())
        .map((row, _) -> new EventId(row.getObject("event_id", UUID.class)))
        .set();
  }
}
