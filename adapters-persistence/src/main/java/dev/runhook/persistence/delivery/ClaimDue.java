package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.queue.EndOpenDeliveries;
import dev.runhook.persistence.queue.QueueRow;
import dev.runhook.persistence.secret.SecretCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/// Claims due deliveries, fairly between webhooks. After [DueTimes#endWaits], one statement selects
/// and locks them, a second one leases them, and a third one reads their events.
///
/// The first statement finds the webhooks of the deliveries that are due, whatever waits for later.
/// If much is due, it jumps from webhook to webhook in the index of due deliveries, so a backlog of
/// a million deliveries for one webhook costs as much as a few hundred. It lets the webhooks take
/// turns, each as far as the slots of the caller allow, and locks only that many rows. Rows locked
/// by other transactions are skipped. A paused webhook is locked while it is probed, so that two
/// nodes never probe it at the same time. A probe may send a delivery before it is due. A webhook
/// with a limited rate is locked as well: a claim takes as many of its deliveries as may be sent in
/// [DeliverySettings#BURST], at least one, and sets when the next claim may take more.
final class ClaimDue {
  private static final String UNLEASED = "q.leased_until is null";

  /// How many due deliveries of each kind are looked at, to see which webhooks have some. If there
  /// are more, all webhooks are looked at.
  private static final int MAX_SOON = 500;

  /// From each webhook to the next one that has deliveries with a due time, now or later.
  private static final String JUMP =
      """
      (select q.webhook_id from runhook.delivery_queue q
        where q.due_at is not null and UNLEASED and (select count(*) from soon) >= :soon
        order by q.webhook_id limit 1)
      union all
      select (
        select q.webhook_id from runhook.delivery_queue q
        where q.due_at is not null and UNLEASED and q.webhook_id > j.webhook_id
        order by q.webhook_id limit 1)
      from jump j where j.webhook_id is not null
      """;

  /// The same for Citus, which has no recursion. It examines each webhook.
  private static final String JUMP_ON_CITUS =
      """
      select w.id from runhook.webhook w
      where (select count(*) from soon) >= :soon and (
        select true from runhook.delivery_queue q
        where q.webhook_id = w.id and q.due_at is not null and UNLEASED limit 1)
      """;

  /// [SlotLimits#mayStart] for what is LEFT and the slots that the webhook holds at its turn.
  private static final String MAY_START =
      "(LEFT > 0 and own < :perWebhook and own * :totalSquared < :perWebhook * (LEFT)::float8 * (LEFT))";

  /// A probe takes a slot like other deliveries of unproven webhooks. `before` is what the account
  /// has taken when it is a delivery's turn, so that [Room#without] is applied to each.
  private static final String PICK =
      """
      with RECURSIVE soon as materialized (
        select d.webhook_id from unnest(array[false, true]) as a (attempted) cross join lateral (
          select q.webhook_id from runhook.delivery_queue q
          where (q.attempts > 0) = a.attempted and q.due_at <= now() and UNLEASED
          order by q.due_at limit :soon) d
      ), jump (webhook_id) as (JUMP),
      held as (select * from unnest(:webhooks, :held) as h (webhook_id, slots)),
      account_room as (
        select * from unnest(:accounts, :rooms, :halves) as a (account, room, halves)
      ), probed as materialized (
        select w.id from runhook.webhook w
        where w.next_probe_at <= now() and w.id not in (select webhook_id from held)
          and (
            select true from runhook.delivery_queue q
            where q.webhook_id = w.id and q.due_at is not null and UNLEASED limit 1)
        order by w.id for no key update of w skip locked
      ), due as materialized (
        select webhook_id from soon
        union select id from probed
        union select j.webhook_id from jump j
          where (
            select true from runhook.delivery_queue q
            where q.webhook_id = j.webhook_id and q.due_at <= now() and UNLEASED limit 1)
      ), limited as materialized (
        select w.id from runhook.webhook w
        where w.id = any (array(select webhook_id from due)) and w.send_interval_us is not null
          and (w.next_send_at is null or w.next_send_at <= now())
        order by w.id for no key update of w skip locked
      ), webhook_room as materialized (
        select w.id as webhook_id, s.account, p.id is not null as probe, not w.proven as unproven,
          w.settings -> 'collapse' is not null as collapse,
          case when p.id is null then now() else 'infinity' end as due_before, coalesce(h.slots, 0) as held,
          case when w.send_interval_us is not null then greatest(1, :burst / w.send_interval_us) end as burst,
          coalesce(a.room, :room) as room, coalesce(a.halves, :half) as halves
        from runhook.webhook w join runhook.stack s on s.id = w.stack_id
        left join probed p on p.id = w.id
        left join held h on h.webhook_id = w.id
        left join account_room a on a.account = s.account
        where (w.health = 'ACTIVE' or p.id is not null)
          and (w.send_interval_us is null or p.id is not null or w.id in (select id from limited))
          and w.id = any (array(select webhook_id from due))
      ), candidate as (
        select r.*, c.id, c.due_at, c.slots, row_number() over of_webhook as round,
          r.held + sum(c.slots) over of_webhook - c.slots as own
        from webhook_room r cross join lateral (
          select q.id, q.due_at, greatest(1, ceil(q.bytes / :bytesPerSlot))::integer as slots
          from runhook.delivery_queue q
          where q.webhook_id = r.webhook_id and q.due_at <= r.due_before and UNLEASED
          order by q.due_at, q.id
          limit case when r.probe then 1 else
            greatest(0, least(
              r.burst, :perWebhook - r.held, 1 + 2 * :slots / (select count(*) from webhook_room))) end
        ) c
        window of_webhook as (partition by r.webhook_id order by c.due_at, c.id)
      ), of_group as (
        select *, sum(slots) over (partition by account, unproven order by round, due_at, id) - slots as before
        from candidate
      ), startable as (
        select webhook_id, account, probe, collapse, unproven, due_before, room, id, due_at, slots, round, own,
          sum(slots) over (partition by account order by round, due_at, id) - slots as before
        from of_group
        where not unproven or UNPROVEN_MAY_START
      ), fitting as (
        select webhook_id, probe, collapse, due_before, sum(slots) over (order by round, due_at, id) - slots as before
        from startable
        where unproven and room - 2 * before > 0 or PROVEN_MAY_START
      ), share as (
        select webhook_id, probe, collapse, due_before, count(*) as deliveries
        from fitting where before < :slots group by webhook_id, probe, collapse, due_before
      )
      select c.id, s.webhook_id, s.probe,
        case when s.collapse and (c.failures > 0 or exists (
          select from runhook.webhook_interruption i
          where i.webhook_id = s.webhook_id and i.cause = 'PAUSED' and i.ended_at >= c.created_at))
          then c.run_id end as late_run
      from share s cross join lateral (
        select q.id, q.run_id, q.failures, q.created_at from runhook.delivery_queue q
        where q.webhook_id = s.webhook_id and q.due_at <= s.due_before and UNLEASED
        order by q.due_at, q.id limit s.deliveries for no key update of q skip locked
      ) c
      """
          .transform(
              define(
                  "UNPROVEN_MAY_START", MAY_START.transform(define("LEFT", "halves - 3 * before"))))
          .transform(
              define("PROVEN_MAY_START", MAY_START.transform(define("LEFT", "room - 2 * before"))));

  private static final String PICK_ON_POSTGRES = pick("recursive", JUMP);
  private static final String PICK_ON_CITUS = pick("", JUMP_ON_CITUS);

  /// The queue is updated by an array of ids: with a join, PostgreSQL could plan a scan of all of
  /// it.
  private static final String LEASE_PICKED =
      """
      with lease as materialized (
        select w.id as webhook_id, now() + LEASE * interval '1 microsecond' as until,
          now() + cardinality(array_positions(:webhooks, w.id)) * w.send_interval_us * interval '1 microsecond'
            as next_send_at
        from runhook.webhook w where w.id = any (:webhooks)
      ), touched as (
        update runhook.webhook w
        set next_probe_at = case when w.id = any (:probed) then l.until else w.next_probe_at end,
            next_send_at = l.next_send_at
        from lease l
        where w.id = l.webhook_id and w.id = any (:webhooks)
          and (w.id = any (:probed) or l.next_send_at is not null)
      ), claimed as (
        update runhook.delivery_queue q
        set due_at = least(q.due_at, now()),
            leased_until = (select l.until from lease l where l.webhook_id = q.webhook_id),
            attempts = q.attempts + 1
        where q.id = any (:ids)
        returning q.*
      )
      """
              .transform(define("LEASE", LaneHeads.LEASE))
          + LeasedDeliveryReader.select("claimed q");

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  ClaimDue(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  private static String pick(String recursive, String jump) {
    return PICK.transform(define("RECURSIVE", recursive))
        .transform(define("JUMP", jump))
        .transform(define("UNLEASED", UNLEASED));
  }

  /// A delivery that is locked and will be leased.
  ///
  /// @param lateRun the run, if only its newest state is to be sent because the receiver could not
  ///   be reached
  private record Picked(UUID id, UUID webhook, boolean probe, Optional<UUID> lateRun) {
    static Picked read(ResultSet row) throws SQLException {
      return new Picked(
          row.getObject("id", UUID.class),
          row.getObject("webhook_id", UUID.class),
          row.getBoolean("probe"),
          Optional.ofNullable(row.getObject("late_run", UUID.class)));
    }

    Optional<LaneKey> lateLane() {
      return lateRun.map(run -> new LaneKey(new WebhookId(webhook), run, true));
    }
  }

  List<LeasedDelivery> claim(ClaimRequest request) {
    transaction.readInOrder();
    new DueTimes(transaction).endWaits(request.leaseDuration());
    Query pick =
        transaction.unpreparedQuery(transaction.isOnCitus() ? PICK_ON_CITUS : PICK_ON_POSTGRES);
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
            .bind("soon", MAX_SOON)
            .bind("burst", SqlValues.micros(DeliverySettings.BURST))
            .map((row, ignored) -> Picked.read(row))
            .list();
    return lease(withoutReplaced(picked), request);
  }

  private List<LeasedDelivery> lease(List<Picked> picked, ClaimRequest request) {
    if (picked.isEmpty()) {
      return List.of();
    }
    Query lease = transaction.unpreparedQuery(LEASE_PICKED);
    UnnestParameters.of(picked).uuids("webhooks", Picked::webhook).bindTo(lease);
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

  /// What replaces a delivery is claimed by the next poll.
  private List<Picked> withoutReplaced(List<Picked> picked) {
    List<LaneKey> late = picked.stream().flatMap(each -> each.lateLane().stream()).toList();
    if (late.isEmpty()) {
      return picked;
    }
    List<QueueRow> replaced = new CollapseLanes(transaction).collapse(late);
    Set<LaneKey> lanes =
        replaced.stream().flatMap(row -> row.lane().stream()).collect(Collectors.toSet());
    new LaneHeads(transaction, cipher).promoteNext(lanes, Set.of(), Duration.ZERO);
    Set<UUID> ended = replaced.stream().map(QueueRow::id).collect(Collectors.toSet());
    return picked.stream().filter(each -> !ended.contains(each.id())).toList();
  }

  /// Ends what has lost its event, its payload or its webhook, so that it is not claimed again and
  /// again.
  private void endUnsendable(List<Picked> picked, List<LeasedDelivery> leased) {
    Set<UUID> unsendable = picked.stream().map(Picked::id).collect(Collectors.toSet());
    leased.forEach(delivery -> unsendable.remove(delivery.lease().delivery().value()));
    Set<LaneKey> lanes = new EndOpenDeliveries(transaction).endLeased(unsendable);
    new LaneHeads(transaction, cipher).promoteNext(lanes, Set.of(), Duration.ZERO);
  }
}
