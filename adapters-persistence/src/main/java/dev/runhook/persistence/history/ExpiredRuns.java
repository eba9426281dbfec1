package dev.runhook.persistence.history;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Deletes runs whose transitions, events and deliveries are all expired. A run with a recent
/// transition or with stored deliveries stays.
final class ExpiredRuns {
  private static final int BATCH_SIZE = 1000;

  private final Handle handle;

  ExpiredRuns(Handle handle) {
    this.handle = handle;
  }

  /// Checks the next [#BATCH_SIZE] runs in the order of their ids, and deletes the expired ones.
  /// Skips runs that are locked, because they are about to change.
  ///
  /// @return the id after which to continue; empty if there are no more runs
  Optional<UUID> deleteBatch(LocalDate day, UUID after) {
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
              order by r.id
              for update skip locked)
            """)
        .bindArray("checked", UUID.class, checked)
        .bind("day", day.atStartOfDay().atOffset(ZoneOffset.UTC))
        .execute();
    return checked.size() < BATCH_SIZE ? Optional.empty() : Optional.of(checked.getLast());
  }
}
