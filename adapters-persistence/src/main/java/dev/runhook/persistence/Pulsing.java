package dev.runhook.persistence;

import dev.runhook.application.Pulse;
import dev.runhook.application.Pulse.Beat;
import dev.runhook.domain.webhook.WebhookId;
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
final class Pulsing {
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
          (select sum((select count(*) from (select from runhook.queue
             where webhook_id = :webhook and coalesce(state, '') = state_asked and id >= low and id < high limit :most) q)) from unnest(:states) state_asked) as pending
        from step)
      select step, finished, failed, pending, took[1] as median, took[2] as p99
      from counted left join timed using (step)
      where finished + pending > 0
      order by step
      """;

  private final Session session;
  private final Pulse.Span span;
  private final Instant from;

  Pulsing(Session session, Pulse.Span span) {
    this.session = session;
    this.span = span;
    this.from = span.from(session.now());
  }

  /// A part of the while, and the step that it is of.
  private record Part(long step, Instant from, Instant to) {}

  private record Counted(int step, long finished, long failed, long pending) {
    boolean isMoreThan(int most) {
      return finished > most || pending > most;
    }
  }

  Pulse of(WebhookId webhook, int most) {
    List<Counted> counts = new ArrayList<>();
    List<Beat> beats =
        Columns.of(parts(1))
            .longs("steps", Part::step)
            .uuids("step_lows", part -> IdRange.least(part.from()))
            .uuids("step_highs", part -> IdRange.least(part.to()))
            .bindTo(
                Columns.of(parts(SLOTS_OF_A_STEP))
                    .longs("slots", Part::step)
                    .uuids("slot_lows", part -> IdRange.least(part.from()))
                    .uuids("slot_highs", part -> IdRange.least(part.to()))
                    .bindTo(
                        Columns.of(Listing.everyState())
                            .texts("states", state -> state)
                            .bindTo(session.queueQuery(PULSE))))
            .bind("webhook", webhook.value())
            .bind("sampled", SAMPLED_OF_A_SLOT)
            .bind("most", most + 1)
            .map((row, _) -> {
              Counted counted = counted(row);
              counts.add(counted);
              return beat(row, counted, most);
            })
            .list();
    return span.of(from, counts.stream().anyMatch(it -> it.isMoreThan(most)), beats);
  }

  /// The while in so many parts of each step.
  private List<Part> parts(int each) {
    Duration length = span.step().dividedBy(each);
    return IntStream.range(0, span.steps() * each)
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

  private Beat beat(ResultSet row, Counted counted, int most) throws SQLException {
    int finished = (int) Math.min(most, counted.finished());
    int failed = (int) Math.min(finished, counted.failed());
    return new Beat(
        from.plus(span.step().multipliedBy(counted.step())),
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
