package dev.runhook.persistence.delivery;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/// The due times of the queue: the next one, and changes to them.
final class DueTimes {
  /// The webhooks that have deliveries with a due time, now or later.
  private static final String WAITING =
      """
      recursive waiting (webhook_id) as (
        (select q.webhook_id from runhook.delivery_queue q where q.due_at is not null order by q.webhook_id limit 1)
        union all
        select (
          select q.webhook_id from runhook.delivery_queue q
          where q.due_at is not null and q.webhook_id > w.webhook_id
          order by q.webhook_id limit 1)
        from waiting w where w.webhook_id is not null
      )\
      """;

  /// The same for Citus, which has no recursion. It examines each webhook.
  private static final String WAITING_ON_CITUS =
      """
      waiting (webhook_id) as (
        select w.id from runhook.webhook w
        where (
          select true from runhook.delivery_queue q where q.webhook_id = w.id and q.due_at is not null limit 1)
      )\
      """;

  /// A query about the webhooks that have deliveries with a due time, now or later.
  record WaitingQuery(String onPostgres, String onCitus) {
    /// @param sql has WAITING where the table expression `waiting (webhook_id)` belongs
    static WaitingQuery of(String sql) {
      return new WaitingQuery(
          sql.replace("WAITING", WAITING), sql.replace("WAITING", WAITING_ON_CITUS));
    }

    Query on(TransactionScope transaction) {
      return transaction.unpreparedQuery(transaction.isOnCitus() ? onCitus : onPostgres);
    }
  }

  /// A paused webhook waits for its probe, at which its deliveries do not have to be due. If no
  /// unleased delivery is due, everything that is due is leased. These are few rows, and the limit
  /// only guards against a long scan.
  private static final WaitingQuery NEXT =
      WaitingQuery.of(
          """
          with WAITING, next as (
            select greatest(w.next_probe_at, d.due_at) as due_at
            from waiting
            join runhook.webhook w on w.id = waiting.webhook_id and w.health <> 'DISABLED'
            cross join lateral (
              select least(
                (select case w.health when 'PAUSED' then w.next_probe_at else q.due_at end
                 from runhook.delivery_queue q
                 where q.webhook_id = w.id and q.due_at is not null and q.leased_until is null
                 order by q.due_at limit 1),
                (select min(l.leased_until)
                 from (select q.leased_until from runhook.delivery_queue q
                       where q.webhook_id = w.id and q.due_at <= now()
                       order by q.due_at limit 2000) l)
              ) as due_at
            ) d
            where d.due_at is not null
          )
          select (extract(epoch from min(due_at) - now()) * 1000000)::bigint as micros from next
          """);

  private static final String MAKE_DUE =
      """
      update runhook.delivery_queue q set due_at = now()
      where q.id = any (array(
        select d.id from runhook.webhook w cross join lateral (
          select q.id from runhook.delivery_queue q
          where q.webhook_id = w.id and q.due_at > now() and q.leased_until is null
          order by q.due_at, q.id limit :limit for no key update skip locked
        ) d
        where w.id = any (:webhooks) and w.health = 'ACTIVE'))
      """;

  private static final String MAKE_ONE_DUE =
      """
      update runhook.delivery_queue set due_at = now()
      where id = :delivery and due_at > now() and leased_until is null
      """;

  private static final String PROBE_NOW =
      """
      update runhook.webhook w set next_probe_at = now()
      where w.id = (select q.webhook_id from runhook.delivery_queue q where q.id = :delivery) and w.health = 'PAUSED'
      """;

  private static final String PUT_FIRST =
      """
      with first as materialized (
        select least(now(), min(o.due_at) - interval '1 microsecond') as due_at
        from runhook.delivery_queue q join runhook.delivery_queue o on o.webhook_id = q.webhook_id
        where q.id = :delivery and o.due_at is not null
      )
      update runhook.delivery_queue q set due_at = f.due_at from first f
      where q.id = :delivery and q.leased_until is null
      """;

  private final TransactionScope transaction;

  DueTimes(TransactionScope transaction) {
    this.transaction = transaction;
  }

  int makeDue(Collection<WebhookId> webhooks, int limit) {
    return UnnestParameters.of(webhooks)
        .uuids("webhooks", WebhookId::value)
        .bindTo(transaction.unpreparedUpdate(MAKE_DUE))
        .bind("limit", limit)
        .execute();
  }

  void makeDue(DeliveryId delivery) {
    transaction.unpreparedUpdate(MAKE_ONE_DUE).bind("delivery", delivery.value()).execute();
  }

  void probeWith(DeliveryId delivery) {
    if (transaction.unpreparedUpdate(PROBE_NOW).bind("delivery", delivery.value()).execute() > 0) {
      transaction.unpreparedUpdate(PUT_FIRST).bind("delivery", delivery.value()).execute();
    }
  }

  /// Returns the time until a delivery can be claimed; empty if no delivery has a due time.
  Optional<Duration> timeUntilNextDue() {
    return NEXT.on(transaction)
        .map((row, ignored) -> Optional.ofNullable((Long) row.getObject("micros")))
        .one()
        .map(micros -> Duration.of(Math.max(0, micros), ChronoUnit.MICROS));
  }
}
