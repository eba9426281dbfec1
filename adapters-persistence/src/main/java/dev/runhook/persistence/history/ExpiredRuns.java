package dev.runhook.persistence.history;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Runs that nothing is left of: their transitions, events and deliveries are past their time. One
/// that has moved since, or has a delivery that is remembered, stays with it.
final class ExpiredRuns {
  /// How many are looked at in one transaction.
  static final int BATCH_SIZE = 1000;

  private final Handle handle;

  ExpiredRuns(Handle handle) {
    this.handle = handle;
  }

  /// Looks at the next of them by their keys, and deletes those that may go; returns the key to go
  /// on after, if there are more. One that somebody holds is about to move, and is left out.
  Optional<UUID> deleteBatch(LocalDate day, UUID after) {
    List<UUID> seen =
        handle
            .createQuery(
                "select id from runhook.run where id > :after::uuid and id < :least::uuid order by id limit :some")
            .bind("after", after)
            .bind("least", DailyPartition.lowerBound(day))
            .bind("some", BATCH_SIZE)
            .mapTo(UUID.class)
            .list();
    handle
        .createUpdate(
            """
            delete from runhook.run where id in (
              select r.id from runhook.run r
              where r.id = any (:seen) and r.last_transition_at < :day
                and not exists (select 1 from runhook.delivery_queue q where q.run_id = r.id)
                and not exists (select 1 from runhook.delivery d where d.run_id = r.id)
              order by r.id for update skip locked)
            """)
        .bindArray("seen", UUID.class, seen)
        .bind("day", day.atStartOfDay().atOffset(ZoneOffset.UTC))
        .execute();
    return seen.size() < BATCH_SIZE ? Optional.empty() : Optional.of(seen.getLast());
  }
}
