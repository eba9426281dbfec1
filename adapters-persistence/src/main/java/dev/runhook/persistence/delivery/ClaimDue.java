package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.persistence.delivery.DueTimes.WaitingQuery;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.queue.EndOpenDeliveries;
import dev.runhook.persistence.secret.SecretCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/// Claims due deliveries, fairly between webhooks. One statement selects and locks them, a second
/// one leases them, and a third one reads their events.
///
/// The first statement jumps from webhook to webhook in the index of due deliveries, so a backlog
/// of a million deliveries for one webhook costs as much as a single delivery. It lets the webhooks
/// take turns, each as far as the slots of the caller allow, and locks only that many rows. Rows
/// locked by other transactions are skipped. A paused webhook is locked while it is probed, so that
/// two nodes never probe it at the same time. A probe may send a delivery before it is due.
final class ClaimDue {
  private static final String UNLEASED = "(q.leased_until is null or q.leased_until < now())";

  /// [SlotLimits#mayStart] for what is LEFT and the slots that the webhook holds at its turn.
  private static final String MAY_START =
      "(LEFT > 0 and own < :perWebhook and own * :totalSquared < :perWebhook * (LEFT)::float8 * (LEFT))";

  /// A probe takes a slot like other deliveries of unproven webhooks. `before` is what the account
  /// has taken when it is a delivery's turn, so that [Room#without] is applied to each.
  private static final WaitingQuery PICK =
      WaitingQuery.of(
          """
          with WAITING,
          held as (select * from unnest(:webhooks, :held) as h (webhook_id, slots)),
          account_room as (
            select * from unnest(:accounts, :rooms, :halves) as a (account, room, halves)
          ), probed as materialized (
            select w.id from runhook.webhook w
            where w.health = 'PAUSED' and w.next_probe_at <= now()
              and w.id in (select webhook_id from waiting) and w.id not in (select webhook_id from held)
            order by w.id for no key update of w skip locked
          ), webhook_room as materialized (
            select w.id as webhook_id, s.account, p.id is not null as probe, not w.proven as unproven,
              case when p.id is null then now() else 'infinity' end as due_before, coalesce(h.slots, 0) as held,
              coalesce(a.room, :room) as room, coalesce(a.halves, :half) as halves
            from waiting
            join runhook.webhook w on w.id = waiting.webhook_id
            join runhook.stack s on s.id = w.stack_id
            left join probed p on p.id = w.id
            left join held h on h.webhook_id = w.id
            left join account_room a on a.account = s.account
            where (w.health = 'ACTIVE' or p.id is not null)
              and (
                select true from runhook.delivery_queue q
                where q.webhook_id = w.id and q.due_at <= case when p.id is null then now() else 'infinity' end and UNLEASED
                limit 1)
          ), candidate as (
            select r.*, c.id, c.due_at, c.slots, row_number() over of_webhook as round,
              r.held + sum(c.slots) over of_webhook - c.slots as own
            from webhook_room r cross join lateral (
              select q.id, q.due_at, greatest(1, ceil(q.bytes / :bytesPerSlot))::integer as slots
              from runhook.delivery_queue q
              where q.webhook_id = r.webhook_id and q.due_at <= r.due_before and UNLEASED
              order by q.due_at, q.id
              limit case when r.probe then 1 else
                greatest(0, least(:perWebhook - r.held, 1 + 2 * :slots / (select count(*) from webhook_room))) end
            ) c
            window of_webhook as (partition by r.webhook_id order by c.due_at, c.id)
          ), of_group as (
            select *, sum(slots) over (partition by account, unproven order by round, due_at, id) - slots as before
            from candidate
          ), startable as (
            select webhook_id, account, probe, unproven, due_before, room, id, due_at, slots, round, own,
              sum(slots) over (partition by account order by round, due_at, id) - slots as before
            from of_group
            where not unproven or UNPROVEN_MAY_START
          ), fitting as (
            select webhook_id, probe, due_before, sum(slots) over (order by round, due_at, id) - slots as before
            from startable
            where unproven and room - 2 * before > 0 or PROVEN_MAY_START
          ), share as (
            select webhook_id, probe, due_before, count(*) as deliveries
            from fitting where before < :slots group by webhook_id, probe, due_before
          )
          select c.id, s.webhook_id, s.probe, c.attempts, c.leased_until, LEASE as lease
          from share s join runhook.webhook w on w.id = s.webhook_id cross join lateral (
            select q.id, q.due_at, q.leased_until, q.attempts from runhook.delivery_queue q
            where q.webhook_id = s.webhook_id and q.due_at <= s.due_before and UNLEASED
            order by q.due_at, q.id limit s.deliveries for no key update of q skip locked
          ) c
          """
              .replace("UNPROVEN_MAY_START", MAY_START.replace("LEFT", "halves - 3 * before"))
              .replace("PROVEN_MAY_START", MAY_START.replace("LEFT", "room - 2 * before"))
              .replace("UNLEASED", UNLEASED)
              .replace("LEASE", LaneHeads.LEASE));

  /// The queue is updated by an array of ids: with a join, PostgreSQL could plan a scan of all of
  /// it.
  private static final String LEASE_PICKED =
      """
      with lease as materialized (
        select w.id as webhook_id, now() + LEASE * interval '1 microsecond' as until
        from runhook.webhook w where w.id = any (:webhooks)
      ), probing as (
        update runhook.webhook w set next_probe_at = l.until
        from lease l where w.id = l.webhook_id and w.id = any (:probed)
      ), claimed as (
        update runhook.delivery_queue q
        set due_at = least(q.due_at, now()),
            leased_until = (select l.until from lease l where l.webhook_id = q.webhook_id),
            attempts = q.attempts + 1,
            failures = q.failures + case when q.leased_until is null then 0 else 1 end
        where q.id = any (:ids)
        returning q.*
      )
      """
              .replace("LEASE", LaneHeads.LEASE)
          + LeasedDeliveryReader.select("claimed q");

  private static final String INSERT_INTERRUPTED =
      """
      insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, detail)
      select id, number, leased_until - lease * interval '1 microsecond', lease * 1000, 'INTERNAL_ERROR', :interruption
      from unnest(:ids, :numbers, :leasedUntil, :leases) as i (id, number, leased_until, lease)
      on conflict do nothing
      """;

  /// The detail of an attempt whose lease expired.
  private static final String INTERRUPTION =
      "the sender stopped before it saw a response; the receiver may have received this attempt";

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  ClaimDue(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  /// A delivery that is locked and will be leased.
  ///
  /// @param lease in microseconds
  /// @param leasedUntil when an earlier lease expired
  private record Picked(
      UUID id,
      UUID webhook,
      boolean probe,
      int attempts,
      Optional<Instant> leasedUntil,
      long lease) {
    static Picked read(ResultSet row) throws SQLException {
      return new Picked(
          row.getObject("id", UUID.class),
          row.getObject("webhook_id", UUID.class),
          row.getBoolean("probe"),
          row.getInt("attempts"),
          SqlValues.findInstant(row, "leased_until"),
          row.getLong("lease"));
    }
  }

  List<LeasedDelivery> claim(ClaimRequest request) {
    Query pick = PICK.on(transaction);
    UnnestParameters.of(request.heldByWebhook().entrySet())
        .uuids("webhooks", held -> held.getKey().value())
        .longs("held", held -> held.getValue().longValue())
        .bindTo(pick);
    UnnestParameters.of(request.rooms().entrySet())
        .texts("accounts", room -> room.getKey().name())
        .longs("rooms", room -> (long) room.getValue().slots())
        .longs("halves", room -> (long) room.getValue().halves())
        .bindTo(pick);
    List<Picked> picked =
        pick.bind("room", (long) request.room().slots())
            .bind("half", (long) request.room().halves())
            .bind("slots", (long) request.slots())
            .bind("perWebhook", (long) request.limits().perWebhook())
            .bind("totalSquared", Math.pow(request.limits().total(), 2))
            .bind("bytesPerSlot", (double) request.limits().bytesPerSlot())
            .bind("lease", SqlValues.micros(request.leaseDuration()))
            .bind("leaseMargin", SqlValues.micros(Lease.MARGIN))
            .map((row, ignored) -> Picked.read(row))
            .list();
    if (picked.isEmpty()) {
      return List.of();
    }
    addInterrupted(picked.stream().filter(one -> one.leasedUntil().isPresent()).toList());
    Query lease = transaction.unpreparedQuery(LEASE_PICKED);
    UnnestParameters.of(picked.stream().map(Picked::webhook).distinct().toList())
        .uuids("webhooks", id -> id)
        .bindTo(lease);
    UnnestParameters.of(picked.stream().filter(Picked::probe).toList())
        .uuids("probed", Picked::webhook)
        .bindTo(lease);
    List<LeasedDelivery> leased =
        new LeasedDeliveryReader(transaction, cipher)
            .read(
                UnnestParameters.of(picked)
                    .uuids("ids", Picked::id)
                    .bindTo(lease)
                    .bind("lease", SqlValues.micros(request.leaseDuration()))
                    .bind("leaseMargin", SqlValues.micros(Lease.MARGIN)));
    if (leased.size() < picked.size()) {
      endUnsendable(picked, leased);
    }
    return leased;
  }

  /// Ends what has lost its event, its payload or its webhook, so that it is not claimed again and
  /// again.
  private void endUnsendable(List<Picked> picked, List<LeasedDelivery> leased) {
    Set<UUID> unsendable = picked.stream().map(Picked::id).collect(Collectors.toSet());
    leased.forEach(delivery -> unsendable.remove(delivery.lease().delivery().value()));
    Set<LaneKey> lanes = new EndOpenDeliveries(transaction).endLeased(unsendable);
    new LaneHeads(transaction, cipher).promoteNext(lanes, Set.of(), Duration.ZERO);
  }

  private void addInterrupted(List<Picked> interrupted) {
    if (!interrupted.isEmpty()) {
      UnnestParameters.of(interrupted)
          .uuids("ids", Picked::id)
          .longs("numbers", one -> (long) one.attempts())
          .instants("leasedUntil", one -> one.leasedUntil().orElseThrow())
          .longs("leases", Picked::lease)
          .bindTo(transaction.unpreparedUpdate(INSERT_INTERRUPTED))
          .bind("interruption", INTERRUPTION)
          .execute();
    }
  }
}
