package dev.runhook.persistence.delivery;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.Lease.BatchPosition;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.persistence.batch.DeliveryBatches;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Inserts open deliveries: into batches if this process sends them at once, else into the queue.
final class InsertDeliveries {
  /// A batch may be larger, because it contains all deliveries of its runs.
  private static final int BATCH_SIZE = 256;

  /// The first delivery of a lane is its head if the queue has none of the lane. The runs are
  /// locked and have no deliveries in batches, so no other transaction decides the same at the same
  /// time. A head that is alone in its lane goes into a batch, if the caller leases it and saves
  /// its run. The row of the run holds the last version that each webhook was notified of.
  private static final String INSERT =
      """
      with placed as materialized (
        select n.id, n.webhook_id, n.run_id, n.event_id, n.kind, n.state, n.state_version, n.redelivery_of,
          case when n.redelivery_of is null
            then coalesce(n.version_before, (
              select (r.last_notified_versions ->> n.webhook_id::text)::bigint
              from runhook.run r where r.id = n.run_id))
            else n.previous_version end as previous_version,
          h.head, h.head and n.lease_if_head as leased,
          h.head and n.lease_if_head and n.lane_size = 1 and n.run_id is not null and n.redelivery_of is null
            as batched
        from (
          select *, row_number() over lane as place, lag(state_version) over lane as version_before,
            count(*) over (partition by webhook_id, run_id) as lane_size
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
      ), batched as materialized (
        select c.*, row_number() over (partition by c.batch order by c.place)::integer as position
        from (
          select b.*, (:batches)[(min(b.place) over (partition by b.run_id) - 1) / :batchSize + 1] as batch
          from (
            select p.*, row_number() over (order by p.run_id, p.id) as place from placed p where p.batched
          ) b
        ) c
      ), inserted_batches as (
        insert into runhook.delivery_batch (id, leased_until, delivery_ids, webhook_ids, run_ids, event_ids, states,
          state_versions, previous_versions)
        select b.batch, now() + :lease * interval '1 microsecond', array_agg(b.id order by b.position),
          array_agg(b.webhook_id order by b.position), array_agg(b.run_id order by b.position),
          array_agg(b.event_id order by b.position), array_agg(b.state order by b.position),
          array_agg(b.state_version order by b.position), array_agg(b.previous_version order by b.position)
        from batched b group by b.batch
      ), inserted_rows as (
        insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version,
          previous_version, redelivery_of, due_at, leased_until, attempts, failures)
        select p.id, p.webhook_id, p.run_id, p.event_id, p.kind, p.state, p.state_version, p.previous_version,
          p.redelivery_of,
          case when p.head then now() end,
          case when p.leased then now() + :lease * interval '1 microsecond' end,
          case when p.leased then 1 else 0 end,
          0
        from placed p where not p.batched
      )
      select p.id, p.previous_version, p.run_id, b.batch, b.position
      from placed p left join batched b on b.id = p.id
      where p.leased
      """;

  private final TransactionScope transaction;

  InsertDeliveries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  private record Leased(Optional<Long> previousVersion, Optional<BatchPosition> batchPosition) {}

  /// Returns the deliveries that were leased, in the given order.
  List<LeasedDelivery> insert(Collection<NewDelivery> deliveries, Duration lease) {
    lockRuns(deliveries);
    List<UUID> batches =
        Stream.generate(UuidCreator::getTimeOrderedEpoch)
            .limit(1 + deliveries.size() / BATCH_SIZE)
            .toList();
    Map<DeliveryId, Leased> leased =
        UnnestParameters.of(batches)
            .uuids("batches", id -> id)
            .bindTo(parameters(deliveries).bindTo(transaction.unpreparedQuery(INSERT)))
            .bind("batchSize", BATCH_SIZE)
            .bind("lease", SqlValues.micros(lease))
            .map((row, _) ->
                Map.entry(new DeliveryId(row.getObject("id", UUID.class)), readLeased(row)))
            .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
    return deliveries.stream()
        .flatMap(delivery ->
            Stream.ofNullable(leased.get(delivery.id()))
                .map(it -> delivery.toLeasedDelivery(it.previousVersion(), it.batchPosition())))
        .toList();
  }

  private void lockRuns(Collection<NewDelivery> deliveries) {
    Stream<RunId> runs = deliveries.stream().flatMap(delivery -> run(delivery).stream());
    Map<UUID, Optional<UUID>> locked =
        transaction.rowIds().lockRuns(runs.collect(Collectors.toSet()));
    new DeliveryBatches(transaction)
        .lockAndMoveRuns(
            locked.keySet(),
            locked.values().stream().flatMap(Optional::stream).collect(Collectors.toSet()));
  }

  private Leased readLeased(ResultSet row) throws SQLException {
    Optional<UUID> batch = Optional.ofNullable(row.getObject("batch", UUID.class));
    if (batch.isPresent()) {
      transaction.rowIds().putBatch(row.getObject("run_id", UUID.class), batch.get());
    }
    int position = row.getInt("position");
    return new Leased(
        Optional.ofNullable((Long) row.getObject("previous_version")),
        batch.map(id -> new BatchPosition(id, position)));
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
