package dev.runhook.persistence.stats;

import dev.runhook.domain.assessment.Trend;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/// Counts the deliveries of webhooks by half-hours, with index-only scans in one statement. The
/// newest deliveries of a webhook are counted in one scan. Only if there are more, each older
/// half-hour needs a scan.
final class TrendQuery {
  private static final String COUNTS =
      """
      with step as materialized (
        select * from unnest(:steps, :lows::uuid[], :highs::uuid[]) as s (step, low, high)
      ), newest as materialized (
        select w.id, v.status, width_bucket(d.id, :lows::uuid[]) - 1 as step, count(*) as deliveries
        from unnest(:webhooks::uuid[]) as w (id)
        cross join (values ('DELIVERED'), ('FAILED')) as v (status)
        cross join lateral (
          select d.id from runhook.delivery d
          where d.id >= :since
            and (d.webhook_id, d.status, d.id) >= (w.id, v.status, :since)
            and (d.webhook_id, d.status, d.id) < (w.id, v.status, :high)
          order by d.webhook_id desc, d.status desc, d.id desc limit :maxCounted) d
        group by 1, 2, 3
      ), busy as materialized (
        select id, status, min(step) as oldest from newest
        group by id, status having sum(deliveries) >= :maxCounted
      )
      select n.id, n.status, n.step, n.deliveries from newest n
      left join busy b on b.id = n.id and b.status = n.status and b.oldest = n.step
      where b.id is null
      union all
      select b.id, b.status, s.step, d.deliveries from busy b join step s on s.step <= b.oldest
      cross join lateral (
        select count(*) as deliveries from (
          select from runhook.delivery d
          where d.webhook_id = b.id and d.status = b.status and d.id >= s.low and d.id < s.high
          limit :maxCounted) d) d
      """;

  private TrendQuery() {}

  /// The counts of each status.
  private record Counts(List<Integer> delivered, List<Integer> failed) {
    static Counts none() {
      return new Counts(
          new ArrayList<>(Collections.nCopies(Trend.LENGTH, 0)),
          new ArrayList<>(Collections.nCopies(Trend.LENGTH, 0)));
    }

    Trend since(Instant start) {
      return new Trend(start, delivered, failed);
    }
  }

  /// Returns the trends of those webhooks that have deliveries.
  static Map<WebhookId, Trend> find(TransactionScope transaction, Collection<WebhookId> webhooks) {
    Instant start = Trend.start(transaction.now());
    Map<WebhookId, Counts> found = new HashMap<>();
    UnnestParameters.of(IntStream.range(0, Trend.LENGTH).boxed().toList())
        .longs("steps", step -> (long) step)
        .uuids("lows", step -> lowerBound(start, step))
        .uuids("highs", step -> lowerBound(start, step + 1))
        .bindTo(
            UnnestParameters.of(webhooks)
                .uuids("webhooks", WebhookId::value)
                .bindTo(transaction.unpreparedQuery(COUNTS)))
        .bind("since", lowerBound(start, 0))
        .bind("high", lowerBound(start, Trend.LENGTH))
        .bind("maxCounted", Trend.MAX_COUNTED)
        .map((row, ignored) -> {
          Counts counts =
              found.computeIfAbsent(
                  new WebhookId(row.getObject("id", UUID.class)), webhook -> Counts.none());
          List<Integer> ofStatus =
              row.getString("status").equals("DELIVERED") ? counts.delivered : counts.failed;
          ofStatus.set(row.getInt("step"), row.getInt("deliveries"));
          return counts;
        })
        .forEach(counts -> {}); // reads all rows
    Map<WebhookId, Trend> trends = new HashMap<>();
    found.forEach((webhook, counts) -> trends.put(webhook, counts.since(start)));
    return trends;
  }

  private static UUID lowerBound(Instant start, int step) {
    return IdRange.lowerBound(start.plus(Trend.STEP.multipliedBy(step)));
  }
}
