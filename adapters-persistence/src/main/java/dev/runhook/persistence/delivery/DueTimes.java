package dev.runhook.persistence.delivery;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;

/// The due times of the queue: the next one, and changes to them.
final class DueTimes {
  /// A paused webhook waits for its probe, at which its deliveries do not have to be due. Few rows
  /// are read: if the first are all of webhooks that are not active, a poll finds the next one a
  /// few seconds late.
  private static final String NEXT =
      """
      select (extract(epoch from least(
        (select min(d.due_at) from unnest(array[false, true]) as a (attempted) cross join lateral (
          select e.due_at
          from (
            select q.webhook_id, q.due_at from runhook.delivery_queue q
            where (q.attempts > 0) = a.attempted and q.due_at > now() and q.leased_until is null
            order by q.due_at limit 50) e
          where (select w.health from runhook.webhook w where w.id = e.webhook_id) = 'ACTIVE'
          order by e.due_at limit 1) d),
        (select w.next_probe_at from runhook.webhook w
         where w.next_probe_at > now() and (
           select true from runhook.delivery_queue q
           where q.webhook_id = w.id and q.due_at is not null and q.leased_until is null limit 1)
         order by w.next_probe_at limit 1),
        (select w.next_send_at from runhook.webhook w
         where w.next_send_at > now() and w.send_interval_us is not null and w.health = 'ACTIVE' and (
           select true from runhook.delivery_queue q
           where q.webhook_id = w.id and q.due_at <= w.next_send_at and q.leased_until is null limit 1)
         order by w.next_send_at limit 1)
      ) - now()) * 1000000)::bigint as micros
      """;

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
        where q.id = :delivery and o.due_at is not null and o.leased_until is null
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

  Optional<Duration> timeUntilNextDue() {
    transaction.readInOrder();
    return transaction
        .unpreparedQuery(NEXT)
        .map((row, ignored) -> Optional.ofNullable((Long) row.getObject("micros")))
        .one()
        .map(micros -> Duration.of(Math.max(1, micros), ChronoUnit.MICROS));
  }
}
