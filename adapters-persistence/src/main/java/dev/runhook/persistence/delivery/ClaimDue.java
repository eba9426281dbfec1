package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.List;
import java.util.Map;

/// Takes what is due, fairly between webhooks. One statement decides and takes; a second one reads
/// the payloads.
///
/// It hops from webhook to webhook over the index of due deliveries, so that a million waiting for
/// one webhook cost no more than one. First it only counts what each could give, then shares the
/// limit out in turns, of it only a part to failing webhooks, and locks no more than that. What
/// others have locked is passed over. The row of a paused webhook is locked while it is probed, so
/// that two nodes never probe it at the same time.
final class ClaimDue {
  /// Webhooks that have anything due, now or later.
  static final String WEBHOOKS_WITH_DUE =
      """
      recursive waiting (webhook_id) as (
        (select q.webhook_id from runhook.delivery_queue q where q.due_at is not null order by q.webhook_id limit 1)
        union all
        select (
          select q.webhook_id from runhook.delivery_queue q
          where q.due_at is not null and q.webhook_id > w.webhook_id
          order by q.webhook_id
          limit 1)
        from waiting w
        where w.webhook_id is not null
      )\
      """;

  private static final String FREE =
      "q.due_at <= now() and (q.leased_until is null or q.leased_until < now())";

  /// An update that looked for its rows by a join could be planned as a walk through all of the
  /// queue: it is given their keys.
  static final String CLAIM =
      "with "
          + WEBHOOKS_WITH_DUE
          + """
          , held as (
            select * from unnest(:holders, :holdings) as h (webhook_id, many)
          ), probed as materialized (
            select w.id as webhook_id from runhook.webhook w
            where :failing > 0 and w.health = 'PAUSED' and w.next_probe_at <= now()
              and w.id in (select webhook_id from waiting)
              and w.id not in (select webhook_id from held where many > 0)
            order by w.id
            for no key update of w skip locked
          ), room as (
            select w.id as webhook_id, false as probe, w.consecutive_failures > 1 as failing, :perWebhook - coalesce(h.many, 0) as free
            from waiting join runhook.webhook w on w.id = waiting.webhook_id left join held h on h.webhook_id = w.id
            where w.health = 'ACTIVE' and (:failing > 0 or w.consecutive_failures <= 1)
            union all
            select webhook_id, true, true, 1 from probed
          ), available as (
            select r.webhook_id, r.probe, r.failing, c.id, c.due_at, row_number() over (partition by r.webhook_id order by c.due_at, c.id) as turn
            from room r cross join lateral (
              select q.id, q.due_at from runhook.delivery_queue q
              where q.webhook_id = r.webhook_id and (FREE)
              order by q.due_at, q.id
              limit least(greatest(r.free, 0), :limit)
            ) c
          ), ranked as (
            select *, row_number() over (partition by failing order by turn, due_at, id) as place from available
          ), share as (
            select a.webhook_id, a.probe, count(*) as many
            from (
              select * from ranked
              where not failing or place <= :failing
              order by turn, due_at, id
              limit :limit) a
            group by a.webhook_id, a.probe
          ), picked as materialized (
            select c.id, c.due_at, c.leased_until, c.attempts, s.webhook_id, s.probe
            from share s cross join lateral (
              select q.id, q.due_at, q.leased_until, q.attempts from runhook.delivery_queue q
              where q.webhook_id = s.webhook_id and (FREE)
              order by q.due_at, q.id
              limit s.many
              for update of q skip locked
            ) c
          ), interrupted as (
            insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, detail)
            select p.id, p.attempts, p.leased_until - :lease * interval '1 microsecond', :lease * 1000, 'INTERNAL_ERROR', :interruption
            from picked p
            where p.leased_until is not null
            on conflict do nothing
          ), probing as (
            update runhook.webhook w set next_probe_at = now() + :lease * interval '1 microsecond'
            where w.id in (select p.webhook_id from picked p where p.probe)
          ), taken as (
            update runhook.delivery_queue q
            set leased_until = now() + :lease * interval '1 microsecond',
                attempts = q.attempts + 1,
                failures = q.failures + case when q.leased_until is null then 0 else 1 end
            where q.id = any (array(select p.id from picked p))
            returning q.id, q.webhook_id, q.event_id, q.attempts, q.failures, q.previous_version, q.redelivery_of, q.due_at
          )
          select TAKEN
          from taken t join runhook.webhook w on w.id = t.webhook_id join runhook.stack s on s.id = w.stack_id
          order by row_number() over (partition by t.webhook_id order by t.due_at, t.id), t.due_at, t.id
          """
              .replace("FREE", FREE)
              .replace("TAKEN", LeasedDeliveryReader.COLUMNS);

  private static final String INTERRUPTION =
      "the sender stopped before it saw the answer; the receiver may have got this attempt";

  private final TransactionScope transactionScope;

  ClaimDue(TransactionScope session) {
    this.transactionScope = session;
  }

  List<LeasedDelivery> claim(ClaimRequest claimRequest) {
    List<LeasedDeliveryReader.ClaimedRow> taken =
        UnnestParameters.of(claimRequest.heldByWebhook().entrySet())
            .uuids("holders", held -> held.getKey().value())
            .longs("holdings", ClaimDue::holding)
            .bindTo(transactionScope.unpreparedQuery(CLAIM))
            .bind("perWebhook", (long) claimRequest.limitPerWebhook())
            .bind("limit", (long) claimRequest.limit())
            .bind("failing", (long) claimRequest.limitOfFailing())
            .bind("lease", Timestamps.micros(claimRequest.leaseDuration()))
            .bind("interruption", INTERRUPTION)
            .map((row, _) -> LeasedDeliveryReader.readClaimedRow(row, transactionScope.cipher()))
            .list();
    return new LeasedDeliveryReader(transactionScope).read(taken);
  }

  private static Long holding(Map.Entry<WebhookId, Integer> held) {
    return held.getValue().longValue();
  }
}
