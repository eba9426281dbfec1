package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.LaneKey;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Keeps lanes in order. Whoever adds to a lane or finishes in it holds the lock of its run, and so
/// a lane with open deliveries always has a head.
public final class LaneHeads {
  private static final String FREE_NEXT =
      """
      with head as (
        select n.id, w.health = 'ACTIVE' and :leased as leased
        from unnest(:webhooks, :runs) as l (webhook_id, run_id)
        cross join lateral (
          select q.id from runhook.delivery_queue q
          where q.webhook_id = l.webhook_id and q.run_id = l.run_id
          order by q.state_version, q.id
          limit 1
        ) n
        left join runhook.webhook w on w.id = l.webhook_id
        where (
          select true from runhook.delivery_queue q
          where q.webhook_id = l.webhook_id and q.run_id = l.run_id and q.due_at is not null
          limit 1) is null
      ), t as (
        update runhook.delivery_queue q
        set due_at = now(),
            leased_until = case when h.leased then now() + :lease * interval '1 microsecond' end,
            attempts = q.attempts + case when h.leased then 1 else 0 end
        from head h
        where q.id = h.id
        returning q.*
      )
      """
          + "select "
          + LeasedDeliveryReader.COLUMNS
          + """
          from t join runhook.webhook w on w.id = t.webhook_id join runhook.stack s on s.id = w.stack_id
          where t.leased_until is not null
          order by t.id
          """;

  private final TransactionScope transactionScope;

  public LaneHeads(TransactionScope session) {
    this.transactionScope = session;
  }

  /// Locks the runs that nobody else holds; returns the deliveries of the others.
  Set<DeliveryId> tryLock(Collection<DeliveryId> deliveries) {
    return UnnestParameters.of(deliveries)
        .uuids("ids", DeliveryId::value)
        .bindTo(
            transactionScope.unpreparedQuery(
                """
                with wanted as materialized (
                  select q.id, q.run_id from runhook.delivery_queue q where q.id = any (:ids) and q.run_id is not null
                ), had as materialized (
                  select r.id from runhook.run r
                  where r.id = any (array(select w.run_id from wanted w))
                  order by r.id
                  for no key update skip locked
                )
                select w.id from wanted w join runhook.run r on r.id = w.run_id
                where w.run_id not in (select h.id from had h)
                order by w.id
                """))
        .map((row, _) -> new DeliveryId(row.getObject("id", UUID.class)))
        .set();
  }

  /// Locks the runs, however long that takes.
  public void lock(Collection<DeliveryId> deliveries) {
    UnnestParameters.of(deliveries)
        .uuids("ids", DeliveryId::value)
        .bindTo(
            transactionScope.unpreparedQuery(
                """
                select r.id from runhook.run r
                where r.id = any (array(select q.run_id from runhook.delivery_queue q where q.id = any (:ids) and q.run_id is not null))
                order by r.id
                for no key update
                """))
        .mapToMap()
        .list();
  }

  public List<LeasedDelivery> promoteNext(Set<LaneKey> lanes, Optional<Duration> lease) {
    List<LeasedDeliveryReader.ClaimedRow> taken =
        UnnestParameters.of(lanes)
            .uuids("webhooks", lane -> lane.webhook().value())
            .uuids("runs", LaneKey::run)
            .bindTo(transactionScope.unpreparedQuery(FREE_NEXT))
            .bind("leased", lease.isPresent())
            .bind("lease", lease.map(Timestamps::micros).orElse(0L))
            .map((row, _) -> LeasedDeliveryReader.readClaimedRow(row, transactionScope.cipher()))
            .list();
    return new LeasedDeliveryReader(transactionScope).read(taken);
  }
}
