package dev.runhook.persistence.stats;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
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
import java.util.stream.IntStream;

/// Counts the deliveries of a webhook with index-only scans, a million in well under a second.
/// Latency and retries are computed from a sample: the newest deliveries of each slot, several
/// slots per interval, so that the sample covers the whole interval.
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
