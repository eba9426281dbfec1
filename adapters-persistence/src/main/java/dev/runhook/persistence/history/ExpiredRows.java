package dev.runhook.persistence.history;

import dev.runhook.application.spi.LaneKey;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.persistence.delivery.LaneHeads;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Deletes expired rows of the tables without partitions, in batches of [#BATCH_SIZE].
final class ExpiredRows {
  static final int BATCH_SIZE = 1000;

  private static final String DELETE_DELIVERIES =
      "delete from runhook.delivery_queue where id = any (:ids) returning webhook_id, run_id";

  private final Handle handle;
  private final LocalDate day;
  private final OffsetDateTime startOfDay;

  /// @param day everything that is older expires
  ExpiredRows(Handle handle, LocalDate day) {
    this.handle = handle;
    this.day = day;
    this.startOfDay = day.atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  /// Deletes a batch of open deliveries that are expired or whose event is. Their lanes continue
  /// without them. Returns the number of deliveries.
  int deleteDeliveries() {
    TransactionScope transaction = new TransactionScope(handle, () -> false);
    LaneHeads laneHeads = new LaneHeads(transaction, SecretCipher.none());
    List<DeliveryId> expired =
        transaction
            .unpreparedQuery(
                """
                select id from runhook.delivery_queue
                where created_at < :day or event_id < :event
                order by id limit :limit
                """)
            .bind("day", startOfDay)
            .bind("event", DailyPartition.lowerBound(day))
            .bind("limit", BATCH_SIZE)
            .map((row, _) -> new DeliveryId(row.getObject("id", UUID.class)))
            .list();
    laneHeads.lock(expired);
    List<Optional<LaneKey>> lanes =
        UnnestParameters.of(expired)
            .uuids("ids", DeliveryId::value)
            .bindTo(transaction.unpreparedQuery(DELETE_DELIVERIES))
            .map((row, _) -> LaneHeads.readLane(row))
            .list();
    laneHeads.promoteNext(
        lanes.stream().flatMap(Optional::stream).collect(Collectors.toSet()), Optional.empty());
    return expired.size();
  }

  /// Checks the next batch of runs in the order of their ids, and deletes those whose transitions,
  /// events and deliveries are all expired. Skips runs that are locked, because they are about to
  /// change.
  ///
  /// @return the id after which to continue; empty if there are no more runs
  Optional<UUID> deleteRuns(UUID after) {
    List<UUID> checked =
        handle
            .createQuery(
                "select id from runhook.run where id > :after and id < :end order by id limit :limit")
            .bind("after", after)
            .bind("end", DailyPartition.lowerBound(day))
            .bind("limit", BATCH_SIZE)
            .mapTo(UUID.class)
            .list();
    handle
        .createUpdate(
            """
            delete from runhook.run where id in (
              select r.id from runhook.run r
              where r.id = any (:checked) and r.last_transition_at < :day
                and not exists (select 1 from runhook.delivery_queue q where q.run_id = r.id)
                and not exists (select 1 from runhook.delivery d where d.run_id = r.id)
              order by r.id for update skip locked)
            """)
        .bindArray("checked", UUID.class, checked)
        .bind("day", startOfDay)
        .execute();
    return checked.size() < BATCH_SIZE ? Optional.empty() : Optional.of(checked.getLast());
  }
}
