package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.queue.EndOpenDeliveries;
import dev.runhook.persistence.queue.LaneLocks;
import dev.runhook.persistence.queue.QueueRow;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Ends the deliveries of lanes of runs that the newest one of the lane replaces, except those in
/// flight. Locks the runs, as [LaneLocks] requires, but never waits: a lane whose run another
/// transaction has locked stays as it is.
final class CollapseLanes {
  private static final String LOCK_RUNS =
      "select r.id from runhook.run r where r.id = any (:runs) order by r.id for no key update skip locked";

  private static final String DELETE =
      """
      delete from runhook.delivery_queue q
      where q.id = any (array(
        select o.id from unnest(:webhooks, :subjects) as l (webhook_id, subject) cross join lateral (
          select q.id from runhook.delivery_queue q where IN_LANE and q.leased_until is null
          order by q.state_version desc, q.id desc offset 1 for update skip locked) o))
      returning q.*
      """
          .transform(define("IN_LANE", LaneLocks.IN_LANE));

  private final TransactionScope transaction;

  CollapseLanes(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// Returns what it has ended. A lane may have no head now.
  List<QueueRow> collapse(Collection<LaneKey> lanes) {
    Set<UUID> locked =
        UnnestParameters.bindIds(
                "runs",
                lanes.stream().map(LaneKey::subject).distinct().toList(),
                transaction.unpreparedQuery(LOCK_RUNS))
            .mapTo(UUID.class)
            .set();
    List<QueueRow> replaced =
        LaneLocks.parameters(
                lanes.stream().filter(lane -> locked.contains(lane.subject())).toList())
            .bindTo(transaction.unpreparedQuery(DELETE))
            .map((row, ignored) -> QueueRow.read(row))
            .list();
    new EndOpenDeliveries(transaction).addReplaced(replaced);
    return replaced;
  }
}
