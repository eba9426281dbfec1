package dev.runhook.persistence.delivery;

import dev.runhook.persistence.jdbi.TransactionScope;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Looks how long it is until there is something to claim.
final class NextDue {
  /// Where nothing free is due, all that is due is leased: few rows, so that their limit only
  /// guards against a long walk that would not matter.
  private static final String NEXT =
      "with "
          + ClaimDue.WEBHOOKS_WITH_DUE
          + """
          , moments as (
            select case w.health when 'PAUSED' then greatest(w.next_probe_at, m.moment) else m.moment end as moment
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
              ) as moment
            ) m
            where m.moment is not null
          )
          select (extract(epoch from min(moment) - now()) * 1000000)::bigint as micros from moments
          """;

  private final TransactionScope transactionScope;

  NextDue(TransactionScope session) {
    this.transactionScope = session;
  }

  Optional<Duration> untilNextDue() {
    return transactionScope
        .unpreparedQuery(NEXT)
        .map((row, _) -> Optional.ofNullable((Long) row.getObject("micros")))
        .one()
        .map(micros -> Duration.of(Math.max(0, micros), ChronoUnit.MICROS));
  }
}
