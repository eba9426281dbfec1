package dev.runhook.persistence.stats;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.DeliveryStats.StatsInterval;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.delivery.ListDeliveries;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Counts a webhook's deliveries in indexes alone, a million of them in a moment, and looks only at
/// some of them to tell how long they took: the newest of each slot, of which a step has a few, so
/// that they are from all of it.
final class DeliveryStatsQuery {
  private static final int SLOTS_OF_A_STEP = 5;
  private static final int SAMPLED_OF_A_SLOT = 50;

  /// When a delivery was created is in the first 48 bits of its key.
  private static final String PULSE =
      """
      with step as materialized (select * from unnest(:steps, :step_lows::uuid[], :step_highs::uuid[]) as s (step, low, high)),
      slot as materialized (select * from unnest(:slots, :slot_lows::uuid[], :slot_highs::uuid[]) as s (step, low, high)),
      sampled as (
        select step, greatest(0, (extract(epoch from finished_at) * 1000)::bigint - ('x' || encode(substr(uuid_send(id), 1, 6), 'hex'))::bit(48)::bigint) as took
        from slot cross join lateral (
          select id, status, finished_at from runhook.delivery
          where webhook_id = :webhook and id >= low and id < high
          order by id desc
          limit :sampled) d
        where status = 'DELIVERED'),
      timed as (select step, percentile_disc(array[0.5, 0.99]) within group (order by took) as took from sampled group by step),
      counted as (
        select step,
          (select count(*) from (select from runhook.delivery where webhook_id = :webhook and id >= low and id < high limit :most) d) as finished,
          (select sum((select count(*) from (select from runhook.delivery
             where webhook_id = :webhook and status = 'FAILED' and coalesce(state, '') = state_asked and id >= low and id < high limit :most) d)) from unnest(:states) state_asked) as failed,
          (select sum((select count(*) from (select from runhook.delivery_queue
             where webhook_id = :webhook and coalesce(state, '') = state_asked and id >= low and id < high limit :most) q)) from unnest(:states) state_asked) as pending
        from step)
      select step, finished, failed, pending, took[1] as median, took[2] as p99
      from counted left join timed using (step)
      where finished + pending > 0
      order by step
      """;

  private final TransactionScope transactionScope;
  private final DeliveryStats.Window window;
  private final Instant from;

  DeliveryStatsQuery(TransactionScope session, DeliveryStats.Window span) {
    this.transactionScope = session;
    this.window = span;
    this.from = span.start(session.now());
  }

  /// A part of the while, and the step that it is of.
  private record Part(long step, Instant from, Instant to) {}

  private record Counted(int step, long finished, long failed, long pending) {
    boolean isMoreThan(int most) {
      return finished > most || pending > most;
    }
  }

  DeliveryStats find(WebhookId webhook, int most) {
    List<Counted> counts = new ArrayList<>();
    List<StatsInterval> beats =
        UnnestParameters.of(parts(1))
            .longs("steps", Part::step)
            .uuids("step_lows", part -> IdRange.lowerBound(part.from()))
            .uuids("step_highs", part -> IdRange.lowerBound(part.to()))
            .bindTo(
                UnnestParameters.of(parts(SLOTS_OF_A_STEP))
                    .longs("slots", Part::step)
                    .uuids("slot_lows", part -> IdRange.lowerBound(part.from()))
                    .uuids("slot_highs", part -> IdRange.lowerBound(part.to()))
                    .bindTo(
                        UnnestParameters.of(ListDeliveries.allStates())
                            .texts("states", state -> state)
                            .bindTo(transactionScope.unpreparedQuery(PULSE))))
            .bind("webhook", webhook.value())
            .bind("sampled", SAMPLED_OF_A_SLOT)
            .bind("most", most + 1)
            .map((row, _) -> {
              Counted counted = counted(row);
              counts.add(counted);
              return beat(row, counted, most);
            })
            .list();
    return window.fill(from, counts.stream().anyMatch(it -> it.isMoreThan(most)), beats);
  }

  /// The while in so many parts of each step.
  private List<Part> parts(int each) {
    Duration length = window.intervalLength().dividedBy(each);
    return IntStream.range(0, window.intervalCount() * each)
        .mapToObj(number -> {
          Instant begin = from.plus(length.multipliedBy(number));
          return new Part(number / each, begin, begin.plus(length));
        })
        .toList();
  }

  private static Counted counted(ResultSet row) throws SQLException {
    return new Counted(
        row.getInt("step"), row.getLong("finished"), row.getLong("failed"), row.getLong("pending"));
  }

  private StatsInterval beat(ResultSet row, Counted counted, int most) throws SQLException {
    int finished = (int) Math.min(most, counted.finished());
    int failed = (int) Math.min(finished, counted.failed());
    return new StatsInterval(
        from.plus(window.intervalLength().multipliedBy(counted.step())),
        finished - failed,
        failed,
        (int) Math.min(most, counted.pending()),
        millis(row, "median"),
        millis(row, "p99"));
  }

  private static Optional<Duration> millis(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }
}
