package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The due times and leases of the queue: the next due time, changes, and the end of what has
/// expired.
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

  private static final Logger LOG = LoggerFactory.getLogger(DueTimes.class);

  /// A claim does not take more either.
  private static final int MAX_ENDED = 500;

  private static final String ENDED =
      """
      select q.id, q.attempts, q.leased_until, now() as now,
        coalesce((select LEASE from runhook.webhook w where w.id = q.webhook_id), :lease) as lease,
        case when coalesce(q.leased_until, q.due_at) > now() then coalesce(q.leased_until, q.due_at) end as too_late
      from (
        select l.* from
          (values (timestamptz '-infinity', now()), (now() + :maxLease, 'infinity')) as r (after, until)
        cross join lateral (
          select * from runhook.delivery_queue q
          where q.leased_until > r.after and q.leased_until <= r.until
          order by q.leased_until limit :limit for no key update skip locked) l
        union all
        select d.* from (values (false, now() + :maxFirst), (true, now() + :maxDelay)) as r (attempted, after)
        cross join lateral (
          select * from runhook.delivery_queue q
          where (q.attempts > 0) = r.attempted and q.due_at > r.after and q.leased_until is null
          order by q.due_at limit :limit for no key update skip locked) d
      ) q
      """
          .transform(define("LEASE", LaneHeads.LEASE))
          .transform(define(":maxLease", interval(Lease.MAX)))
          .transform(define(":maxFirst", interval(Duration.ZERO)))
          .transform(define(":maxDelay", interval(RetrySchedule.MAX_DELAY)));

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

  private static final String END =
      """
      update runhook.delivery_queue
      set leased_until = null, due_at = least(due_at, now()),
        failures = failures + case when leased_until is null then 0 else 1 end
      where id = any (:ids)
      """;

  private static final String RELEASE =
      """
      update runhook.delivery_queue q set leased_until = null, attempts = q.attempts - 1
      from unnest(:ids, :numbers) as l (id, number)
      where q.id = l.id and q.attempts = l.number and q.leased_until is not null
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

  /// Gives up leases of deliveries that were not attempted. They are due as before.
  void release(Collection<Lease> leases) {
    UnnestParameters.of(leases)
        .uuids("ids", lease -> lease.delivery().value())
        .longs("numbers", lease -> (long) lease.attempt())
        .bindTo(transaction.unpreparedUpdate(RELEASE))
        .execute();
  }

  Optional<Duration> timeUntilNextDue() {
    transaction.readInOrder();
    return transaction
        .unpreparedQuery(NEXT)
        .map((row, ignored) -> SqlValues.findLong(row, "micros"))
        .one()
        .map(micros -> Duration.of(Math.max(1, micros), ChronoUnit.MICROS));
  }

  private static String interval(Duration longest) {
    return "interval '" + longest.plus(Deliveries.TRANSACTION_MARGIN).toSeconds() + " s'";
  }

  /// @param lease in microseconds
  /// @param tooLate by how much it would have been too late
  private record Ended(
      UUID id,
      int attempts,
      Optional<Instant> leasedUntil,
      long lease,
      Optional<Duration> tooLate) {
    static Ended read(ResultSet row) throws SQLException {
      Instant now = SqlValues.instant(row, "now");
      return new Ended(
          row.getObject("id", UUID.class),
          row.getInt("attempts"),
          SqlValues.findInstant(row, "leased_until"),
          row.getLong("lease"),
          SqlValues.findInstant(row, "too_late").map(time -> Duration.between(now, time)));
    }
  }

  /// Ends leases that have expired: their attempts count as failed, and their deliveries are due as
  /// before. Also ends waits that are longer than any can be. Skips what another transaction has
  /// locked.
  ///
  /// @param minimumLease how long deliveries were leased, unless their webhook needed more
  void endWaits(Duration minimumLease) {
    List<Ended> ended =
        transaction
            .unpreparedQuery(ENDED)
            .bind("lease", SqlValues.micros(minimumLease))
            .bind("leaseMargin", SqlValues.micros(Lease.MARGIN))
            .bind("limit", MAX_ENDED)
            .map((row, ignored) -> Ended.read(row))
            .list();
    if (ended.isEmpty()) {
      return;
    }
    addInterrupted(ended.stream().filter(one -> one.leasedUntil().isPresent()).toList());
    UnnestParameters.of(ended)
        .uuids("ids", Ended::id)
        .bindTo(transaction.unpreparedUpdate(END))
        .execute();
    List<Duration> tooLate = ended.stream().flatMap(one -> one.tooLate().stream()).toList();
    if (!tooLate.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("deliveries", tooLate.size())
          .addKeyValue("furthest", Collections.max(tooLate))
          .log("the clock of the database has stepped back; ended waits that were too long");
    }
  }

  private void addInterrupted(List<Ended> interrupted) {
    if (!interrupted.isEmpty()) {
      UnnestParameters.of(interrupted)
          .uuids("ids", Ended::id)
          .longs("numbers", one -> (long) one.attempts())
          .instants("leasedUntil", one -> one.leasedUntil().orElseThrow())
          .longs("leases", Ended::lease)
          .bindTo(transaction.unpreparedUpdate(INSERT_INTERRUPTED))
          .bind("interruption", INTERRUPTION)
          .execute();
    }
  }
}
