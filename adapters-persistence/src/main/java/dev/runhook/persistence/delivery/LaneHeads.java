package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.queue.LaneLocks;
import dev.runhook.persistence.queue.OperationalLanes;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes the next deliveries of lanes their heads, as [LaneLocks] describes.
public final class LaneHeads {
  /// The duration of a lease in microseconds, as [Lease#durationFor] computes it for a webhook `w`.
  /// `greatest` ignores null.
  static final String LEASE = "greatest(:lease, w.timeout_ms * 1000 + :leaseMargin)";

  private static final String NEXT =
      """
      select q.id from runhook.delivery_queue q
      where IN_LANE and q.lane_position is not null
      order by ORDER limit 1
      """;

  private static final String PROMOTE_NEXT =
      """
      with head as (
        select n.id, case when w.health = 'ACTIVE' and l.continued then now() + LEASE * interval '1 microsecond' end
          as leased_until
        from unnest(:webhooks, :subjects, :continued) as l (webhook_id, subject, continued)
        cross join lateral (NEXT) n
        left join runhook.webhook w on w.id = l.webhook_id
        where (
          select true from runhook.delivery_queue q
          where IN_LANE and q.lane_position is null
          limit 1) is null
      ), promoted as (
        update runhook.delivery_queue q
        set due_at = now(), leased_until = h.leased_until,
            attempts = q.attempts + case when h.leased_until is null then 0 else 1 end
        from head h where q.id = h.id
        returning q.*
      )
      """
              .transform(define("LEASE", LEASE))
              .transform(define("NEXT", NEXT))
          + LeasedDeliveryReader.select("promoted q where q.leased_until is not null");

  private static final String PROMOTE_NEXT_OF_RUNS = inLanes(true, PROMOTE_NEXT);
  private static final String PROMOTE_NEXT_OF_WEBHOOKS = inLanes(false, PROMOTE_NEXT);

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  public LaneHeads(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  private static String inLanes(boolean ofRuns, String sql) {
    return sql.transform(define("IN_LANE", ofRuns ? LaneLocks.IN_LANE : OperationalLanes.IN_LANE))
        .transform(define("ORDER", ofRuns ? "q.state_version, q.id" : OperationalLanes.ORDER));
  }

  /// The condition that no other transaction has locked what waits next in the lane of a row `l` of
  /// the queue. Locks it.
  static String nextIsFree(boolean ofRuns) {
    return inLanes(
            ofRuns,
            "((NEXT) is null or (NEXT) = (NEXT for update skip locked))"
                .transform(define("NEXT", NEXT)))
        .transform(define("l.subject", ofRuns ? "l.run_id" : "l.subject_id"));
  }

  /// Makes the first delivery of each lane due if none is due, and leases it if the lane is
  /// continued and the webhook is active. Returns the leased deliveries.
  public List<LeasedDelivery> promoteNext(
      Set<LaneKey> lanes, Set<LaneKey> continued, Duration lease) {
    Map<Boolean, List<LaneKey>> ofRuns =
        lanes.stream().collect(Collectors.groupingBy(LaneKey::ofRun));
    List<LeasedDelivery> leased = new ArrayList<>();
    ofRuns.forEach((ofRun, some) ->
        leased.addAll(
            new LeasedDeliveryReader(transaction, cipher)
                .read(
                    LaneLocks.parameters(some)
                        .booleans("continued", continued::contains)
                        .bindTo(
                            transaction.unpreparedQuery(
                                ofRun ? PROMOTE_NEXT_OF_RUNS : PROMOTE_NEXT_OF_WEBHOOKS))
                        .bind("lease", SqlValues.micros(lease))
                        .bind("leaseMargin", SqlValues.micros(Lease.MARGIN)))));
    return leased;
  }
}
