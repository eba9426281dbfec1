package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.SecretCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Keeps the order within lanes. A transaction that adds to a lane or finishes a delivery in it
/// holds the lock of the run. Therefore a lane with open deliveries always has a head.
public final class LaneHeads {
  /// The duration of a lease in microseconds, as [Lease#durationFor] computes it for a webhook `w`.
  /// `greatest` ignores null.
  static final String LEASE = "greatest(:lease, w.timeout_ms * 1000 + :leaseMargin)";

  private static final String PROMOTE_NEXT =
      """
      with head as (
        select n.id, case when w.health = 'ACTIVE' and l.continued then now() + LEASE * interval '1 microsecond' end
          as leased_until
        from unnest(:webhooks, :runs, :continued) as l (webhook_id, run_id, continued)
        cross join lateral (
          select q.id from runhook.delivery_queue q
          where q.webhook_id = l.webhook_id and q.run_id = l.run_id
          order by q.state_version, q.id limit 1
        ) n
        left join runhook.webhook w on w.id = l.webhook_id
        where (
          select true from runhook.delivery_queue q
          where q.webhook_id = l.webhook_id and q.run_id = l.run_id and q.due_at is not null
          limit 1) is null
      ), promoted as (
        update runhook.delivery_queue q
        set due_at = now(), leased_until = h.leased_until,
            attempts = q.attempts + case when h.leased_until is null then 0 else 1 end
        from head h where q.id = h.id
        returning q.*
      )
      """
              .replace("LEASE", LEASE)
          + LeasedDeliveryReader.select("promoted q where q.leased_until is not null");

  private static final String TRY_LOCK =
      """
      with wanted as materialized (
        select q.id, q.run_id from runhook.delivery_queue q where q.id = any (:ids) and q.run_id is not null
      ), locked as materialized (
        select r.id from runhook.run r
        where r.id = any (array(select w.run_id from wanted w))
        order by r.id for no key update skip locked
      )
      select w.id from wanted w join runhook.run r on r.id = w.run_id
      where w.run_id not in (select l.id from locked l)
      order by w.id
      """;

  private static final String LOCK =
      """
      select r.id from runhook.run r
      where r.id = any (array(
        select q.run_id from runhook.delivery_queue q where q.id = any (:ids) and q.run_id is not null))
      order by r.id for no key update
      """;

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  public LaneHeads(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  /// Locks the runs of the deliveries without waiting. Returns the deliveries whose run another
  /// transaction has locked.
  Set<DeliveryId> tryLock(Collection<DeliveryId> deliveries) {
    return UnnestParameters.of(deliveries)
        .uuids("ids", DeliveryId::value)
        .bindTo(transaction.unpreparedQuery(TRY_LOCK))
        .map((row, ignored) -> new DeliveryId(row.getObject("id", UUID.class)))
        .set();
  }

  /// Locks the runs of the deliveries and waits as long as necessary.
  public void lock(Collection<DeliveryId> deliveries) {
    UnnestParameters.of(deliveries)
        .uuids("ids", DeliveryId::value)
        .bindTo(transaction.unpreparedQuery(LOCK))
        .mapToMap()
        .list();
  }

  /// Makes the first delivery of each lane due if none is due, and leases it if the lane is
  /// continued and the webhook is active. Returns the leased deliveries.
  public List<LeasedDelivery> promoteNext(
      Set<LaneKey> lanes, Set<LaneKey> continued, Duration lease) {
    return new LeasedDeliveryReader(transaction, cipher)
        .read(
            UnnestParameters.of(lanes)
                .uuids("webhooks", lane -> lane.webhook().value())
                .uuids("runs", LaneKey::run)
                .booleans("continued", continued::contains)
                .bindTo(transaction.unpreparedQuery(PROMOTE_NEXT))
                .bind("lease", SqlValues.micros(lease))
                .bind("leaseMargin", SqlValues.micros(Lease.MARGIN)));
  }

  /// Reads the columns `webhook_id` and `run_id`; empty if the run is null.
  public static Optional<LaneKey> readLane(ResultSet row) throws SQLException {
    UUID webhook = row.getObject("webhook_id", UUID.class);
    return Optional.ofNullable(row.getObject("run_id", UUID.class))
        .map(run -> new LaneKey(new WebhookId(webhook), run));
  }
}
