package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Inserts open deliveries into the queue.
final class InsertDeliveries {
  /// The first delivery of a lane in the batch is its head if no delivery of the lane is due yet.
  /// The runs are locked, so no other transaction decides the same at the same time. The row of the
  /// run holds the last version that each webhook was notified of.
  private static final String INSERT =
      """
      with added as (
        insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version,
          previous_version, redelivery_of, due_at, leased_until, attempts, failures)
        select n.id, n.webhook_id, n.run_id, n.event_id, n.kind, n.state, n.state_version,
          case when n.redelivery_of is null
            then coalesce(n.version_before, (
              select (r.last_notified_versions ->> n.webhook_id::text)::bigint
              from runhook.run r where r.id = n.run_id))
            else n.previous_version end,
          n.redelivery_of,
          case when h.head then now() end,
          case when h.head and n.lease_if_head then now() + :lease * interval '1 microsecond' end,
          case when h.head and n.lease_if_head then 1 else 0 end,
          0
        from (
          select *, row_number() over lane as place, lag(state_version) over lane as version_before
          from unnest(:ids, :webhooks, :runs, :events, :kinds, :states, :versions, :previousVersions, :redeliveries,
              :leaseIfHead)
            as a (id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, redelivery_of,
              lease_if_head)
          window lane as (partition by webhook_id, run_id order by state_version, id)
        ) n
        cross join lateral (
          select n.run_id is null or n.place = 1 and (
            select true from runhook.delivery_queue q
            where q.webhook_id = n.webhook_id and q.run_id = n.run_id and q.due_at is not null
            limit 1) is null as head
          offset 0 -- evaluates the subquery once, not at each use
        ) h
        returning id, previous_version, leased_until
      )
      select id, previous_version from added where leased_until is not null
      """;

  private final TransactionScope transaction;

  InsertDeliveries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// Returns the deliveries that were leased, in the given order.
  List<LeasedDelivery> insert(Collection<NewDelivery> deliveries, Duration lease) {
    Stream<RunId> runs = deliveries.stream().flatMap(delivery -> run(delivery).stream());
    transaction.rowIds().lockRuns(runs.collect(Collectors.toSet()));
    Map<DeliveryId, Optional<Long>> previousVersions =
        DeliveryMapper.readPreviousVersions(
            parameters(deliveries)
                .bindTo(transaction.unpreparedQuery(INSERT))
                .bind("lease", SqlValues.micros(lease)));
    return deliveries.stream()
        .flatMap(delivery ->
            Stream.ofNullable(previousVersions.get(delivery.id())).map(delivery::toLeasedDelivery))
        .toList();
  }

  private UnnestParameters<NewDelivery> parameters(Collection<NewDelivery> deliveries) {
    return UnnestParameters.of(deliveries)
        .uuids("ids", delivery -> delivery.id().value())
        .uuids("webhooks", delivery -> delivery.webhook().id().value())
        .uuids("runs", delivery -> run(delivery).map(transaction.rowIds()::ofRun).orElse(null))
        .uuids("events", delivery -> delivery.content().event().value())
        .texts("kinds", delivery -> delivery.content().kind().name())
        .texts("states", ofTransition(ref -> ref.state().name()))
        .longs("versions", ofTransition(TransitionRef::version))
        .longs("previousVersions", ofTransition(ref -> ref.previousVersion().orElse(null)))
        .uuids(
            "redeliveries",
            delivery -> delivery.content().redeliveryOf().map(DeliveryId::value).orElse(null))
        .booleans("leaseIfHead", NewDelivery::leaseIfHead);
  }

  private static Optional<RunId> run(NewDelivery delivery) {
    return delivery
        .content()
        .transition()
        .map(ref -> new RunId(delivery.webhook().stack(), ref.run()));
  }

  /// A value of the transition; null for a ping.
  private static <V> Function<NewDelivery, @Nullable V> ofTransition(
      Function<TransitionRef, @Nullable V> value) {
    return delivery -> delivery.content().transition().map(value).orElse(null);
  }
}
