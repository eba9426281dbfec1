package dev.runhook.persistence.stats;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// Counts deliveries with index-only scans, a million in well under a second: of a webhook, a range
/// of the index for each interval; of an account, a range for each webhook and status, because many
/// webhooks with few deliveries would have too many ranges otherwise. Latency and retries are
/// computed from a sample: the newest deliveries of each slot, several slots per interval, so that
/// the sample covers the whole interval.
final class DeliveryStatsQuery {
  private static final int SLOTS_PER_INTERVAL = 5;
  private static final int SAMPLES_PER_SLOT = 50;

  /// From the creation of a delivery, which is in the first 48 bits of its id, until it was
  /// delivered.
  static final String MILLIS =
      """
      greatest(0, (extract(epoch from finished_at) * 1000)::bigint
        - ('x' || encode(substr(uuid_send(id), 1, 6), 'hex'))::bit(48)::bigint)\
      """;

  private static final String STATS =
      """
      with step as materialized (
        select * from unnest(:steps, :stepLows::uuid[], :stepHighs::uuid[]) as s (step, low, high)
      ), slot as materialized (
        select * from unnest(:slots, :slotLows::uuid[], :slotHighs::uuid[]) as s (step, low, high)
      ), head as materialized (
        select width_bucket(id, :stepLows::uuid[]) - 1 as step, count(*) as deliveries
        from runhook.queue_head where webhook_id = :webhook group by 1
      ), sampled as (
        select step, attempts, MILLIS as millis
        from slot cross join lateral (
          select id, attempts, finished_at from runhook.delivery
          where webhook_id = :webhook and status = 'DELIVERED' and id >= low and id < high
          order by id desc limit :samples) d
      ), latency as (
        select step, percentile_disc(array[0.5, 0.99]) within group (order by millis) as millis,
          avg((attempts > 1)::integer) as retried
        from sampled group by step
      ), counted as (
        select s.step,
          (select count(*) from (
             select from runhook.delivery
             where webhook_id = :webhook and status = 'DELIVERED' and id >= low and id < high
             limit :max) d) as delivered,
          (select count(*) from (
             select from runhook.delivery
             where webhook_id = :webhook and status = 'FAILED' and id >= low and id < high
             limit :max) d) as failed,
          (select count(*) from (
             select from runhook.delivery_queue
             where webhook_id = :webhook and due_at is null and id >= low and id < high
             limit :max) q) + coalesce((select h.deliveries from head h where h.step = s.step), 0) as pending
        from step s
      )
      select step, delivered, failed, pending, coalesce(round(delivered * retried), 0) as retried,
        millis[1] as median, millis[2] as p99
      from counted left join latency using (step)
      where delivered + failed + pending > 0
      order by step
      """
          .transform(define("MILLIS", MILLIS));

  /// The ranges include columns that are equal, as in lists. Otherwise PostgreSQL could read the
  /// primary key, with the deliveries of all accounts. A lease is in an index by time: there are
  /// few, and they are read once.
  private static final String COUNTS =
      """
      with selected_webhook as materialized (
        select w.id from runhook.stack s join runhook.webhook w on w.stack_id = s.id
        where s.account = :account and (:allStacks or s.slug = any (:slugs))
          and (:webhook::uuid is null or w.id = :webhook::uuid)
      ), finished as (
        select a.status, width_bucket(d.id, :lows::uuid[]) - 1 as step
        from selected_webhook w cross join (values ('DELIVERED'), ('FAILED')) as a (status) cross join lateral (
          select d.id from runhook.delivery d
          where d.id >= :low and d.id < :high
            and (d.webhook_id, d.status, d.id) >= (w.id, a.status, :low)
            and (d.webhook_id, d.status, d.id) < (w.id, a.status, :high)) d
        limit :max
      ), open as (
        select 'PENDING' as status, width_bucket(q.id, :lows::uuid[]) - 1 as step
        from (
          select q.id from selected_webhook w cross join lateral (
            select q.id from runhook.delivery_queue q
            where q.webhook_id = w.id and q.due_at is not null and q.leased_until is null) q
          union all
          select q.id from runhook.delivery_queue q
          where q.leased_until is not null and q.webhook_id = any (array(select w.id from selected_webhook w))
          union all
          select q.id from selected_webhook w cross join lateral (
            select q.id from runhook.delivery_queue q
            where q.due_at is null and (q.webhook_id, q.id) >= (w.id, :low) and (q.webhook_id, q.id) < (w.id, :high)
            ) q) q
        where q.id >= :low and q.id < :high
        limit :max
      )
      select step, sum(deliveries) filter (where status = 'DELIVERED') as delivered,
        sum(deliveries) filter (where status = 'FAILED') as failed,
        sum(deliveries) filter (where status = 'PENDING') as pending
      from (
        select status, step, count(*) as deliveries from finished group by status, step
        union all
        select status, step, count(*) from open group by status, step) c
      group by step order by step
      """;

  private final TransactionScope transaction;
  private final DeliveryStats.Window window;
  private final Instant start;

  DeliveryStatsQuery(TransactionScope transaction, DeliveryStats.Window window) {
    this.transaction = transaction;
    this.window = window;
    this.start = window.start(transaction.now());
  }

  /// A part of the window, and the interval that it belongs to.
  private record Part(long interval, Instant from, Instant to) {}

  private record Counted(StatsInterval interval, boolean truncated) {}

  /// @param max the maximum number of finished deliveries, and of open deliveries, that are counted
  ///   in each interval
  DeliveryStats find(WebhookId webhook, int max) {
    List<Counted> counted =
        UnnestParameters.of(parts(1))
            .longs("steps", Part::interval)
            .uuids("stepLows", part -> IdRange.lowerBound(part.from()))
            .uuids("stepHighs", part -> IdRange.lowerBound(part.to()))
            .bindTo(
                UnnestParameters.of(parts(SLOTS_PER_INTERVAL))
                    .longs("slots", Part::interval)
                    .uuids("slotLows", part -> IdRange.lowerBound(part.from()))
                    .uuids("slotHighs", part -> IdRange.lowerBound(part.to()))
                    .bindTo(transaction.unpreparedQuery(STATS)))
            .bind("webhook", webhook.value())
            .bind("samples", SAMPLES_PER_SLOT)
            .bind("max", max + 1)
            .map((row, ignored) -> read(row, max))
            .list();
    return window.fill(
        start,
        counted.stream().anyMatch(Counted::truncated),
        counted.stream().map(Counted::interval).toList());
  }

  /// Counts the deliveries of an account; see [StatsQueries#countDeliveries].
  DeliveryStats count(AccountId account, StackScope scope, Optional<WebhookId> webhook, int max) {
    List<Part> intervals = parts(1);
    List<StatsInterval> counted =
        UnnestParameters.of(intervals)
            .uuids("lows", part -> IdRange.lowerBound(part.from()))
            .bindTo(UnnestParameters.bindScope(scope, transaction.unpreparedQuery(COUNTS)))
            .bind("account", account.name())
            .bind("webhook", webhook.map(WebhookId::value).orElse(null))
            .bind("low", IdRange.lowerBound(start))
            .bind("high", IdRange.lowerBound(intervals.getLast().to()))
            .bind("max", max)
            .map((row, ignored) ->
                StatsInterval.counts(
                    intervals.get(row.getInt("step")).from(),
                    row.getInt("delivered"),
                    row.getInt("failed"),
                    row.getInt("pending")))
            .list();
    boolean truncated =
        sum(counted, interval -> interval.delivered() + interval.failed()) >= max
            || sum(counted, StatsInterval::pending) >= max;
    return window.fill(start, truncated, counted);
  }

  private static int sum(List<StatsInterval> intervals, ToIntFunction<StatsInterval> count) {
    return intervals.stream().mapToInt(count).sum();
  }

  /// Divides each interval of the window into parts of equal length.
  private List<Part> parts(int perInterval) {
    Duration length = window.intervalLength().dividedBy(perInterval);
    return IntStream.range(0, window.intervalCount() * perInterval)
        .mapToObj(number -> {
          Instant from = start.plus(length.multipliedBy(number));
          return new Part(number / perInterval, from, from.plus(length));
        })
        .toList();
  }

  private Counted read(ResultSet row, int max) throws SQLException {
    long finished = row.getLong("delivered") + row.getLong("failed");
    long pending = row.getLong("pending");
    int counted = (int) Math.min(max, finished);
    int failed = (int) Math.min(counted, row.getLong("failed"));
    StatsInterval interval =
        new StatsInterval(
            start.plus(window.intervalLength().multipliedBy(row.getInt("step"))),
            counted - failed,
            (int) Math.min(counted - failed, row.getLong("retried")),
            failed,
            (int) Math.min(max, pending),
            SqlValues.findMillis(row, "median"),
            SqlValues.findMillis(row, "p99"));
    return new Counted(interval, finished > max || pending > max);
  }
}
