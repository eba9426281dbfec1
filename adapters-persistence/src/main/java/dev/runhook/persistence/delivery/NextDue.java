package dev.runhook.persistence.delivery;

import dev.runhook.persistence.jdbi.TransactionScope;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Computes the time until a delivery can be claimed.
final class NextDue {
  /// If no unleased delivery is due, everything that is due is leased. These are few rows, and the
  /// limit only guards against a long scan.
  private static final String NEXT =
      "with "
          + ClaimDue.WEBHOOKS_WITH_DUE
          + """
          , next as (
            select case w.health when 'PAUSED' then greatest(w.next_probe_at, d.due_at) else d.due_at end as due_at
            from waiting
            join runhook.webhook w on w.id = waiting.webhook_id and w.health <> 'DISABLED'
            cross join lateral (
              select least(
                (select q.due_at from runhook.delivery_queue q
                 where q.webhook_id = w.id and q.due_at is not null and q.leased_until is null
                 order by q.due_at
                 limit 1),
                (select min(l.leased_until)
                 from (select q.leased_until from runhook.delivery_queue q
                       where q.webhook_id = w.id and q.due_at <= now()
                       order by q.due_at
                       limit 2000) l)
              ) as due_at
            ) d
            where d.due_at is not null
          )
          select (extract(epoch from min(due_at) - now()) * 1000000)::bigint as micros from next
          """;

  private final TransactionScope transaction;

  NextDue(TransactionScope transaction) {
    this.transaction = transaction;
  }

  Optional<Duration> timeUntilNextDue() {
    return transaction
        .unpreparedQuery(NEXT)
        .map((row, _) -> Optional.ofNullable((Long) row.getObject("micros")))
        .one()
        .map(micros -> Duration.of(Math.max(0, micros), ChronoUnit.MICROS));
  }
}
