package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Pulse;
import dev.runhook.application.Pulse.Span;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How long the figures of a webhook take that had a million deliveries in a day, and of one that
/// had as many in an hour. No test: it runs when it is named, and prints a table.
///
/// `mvn -o -Pquick test -pl adapters-persistence -am -Dtest=PulseBench
/// -Dsurefire.failIfNoSpecifiedTests=false -Drunhook.bench.deliveries=1000000`
class PulseBench {
  private static final int MANY = Integer.getInteger("runhook.bench.deliveries", 1_000_000);
  private static final int AT_ONCE = 100_000;
  private static final int MOST = 50_000;
  private static final int WARM_UP = 5;
  private static final int TIMED = 21;
  private static final double MICROS = 1000;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void figures_take_a_moment_however_busy_the_webhook_is() {
    List<Webhook> webhooks =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              Stage.prepare(unit);
              return List.of(Stage.webhook(unit, 1), Stage.webhook(unit, 2));
            });
    grow(webhooks.getFirst(), Duration.ofHours(23));
    grow(webhooks.getLast(), Duration.ofMinutes(58));

    List<Long> counted = new ArrayList<>();
    counted.add(time("a day of a million a day", webhooks.getFirst(), Span.DAY));
    counted.add(time("an hour of a million a day", webhooks.getFirst(), Span.HOUR));
    counted.add(time("an hour of a million an hour", webhooks.getLast(), Span.HOUR));
    assertThat(counted).allSatisfy(count -> assertThat(count).isPositive());
  }

  private static long time(String name, Webhook webhook, Span span) {
    IntStream.range(0, WARM_UP).forEach(_ -> pulse(webhook, span));
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < TIMED; i++) {
      long begin = System.nanoTime();
      pulse(webhook, span);
      nanos.add(System.nanoTime() - begin);
    }
    nanos.sort(null);
    Pulse pulse = pulse(webhook, span);
    long counted = pulse.beats().stream().mapToLong(beat -> beat.delivered() + beat.failed()).sum();
    System.out.printf(
        Locale.ROOT,
        "%-32s %8.1f ms, at worst %8.1f ms; %d counted%s%n",
        name,
        nanos.get(TIMED / 2) / MICROS / MICROS,
        nanos.getLast() / MICROS / MICROS,
        counted,
        pulse.truncated() ? " of more" : "");
    return counted;
  }

  private static Pulse pulse(Webhook webhook, Span span) {
    return POSTGRES
        .transactor()
        .inTransaction(unit -> unit.glances().pulse(webhook.id(), span, MOST));
  }

  private static void grow(Webhook webhook, Duration over) {
    for (int start = 0; start < MANY; start += AT_ONCE) {
      int first = start;
      int last = Math.min(MANY, start + AT_ONCE);
      POSTGRES.jdbi().useHandle(handle -> insert(handle, webhook, over, first, last));
    }
    POSTGRES.jdbi().useHandle(handle -> handle.execute("vacuum analyze runhook.delivery"));
  }

  /// One of fifty failed, in bursts; half are delivered within 50 ms.
  private static void insert(Handle handle, Webhook webhook, Duration over, int first, int last) {
    handle
        .createUpdate(
            """
            insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status, attempts, finished_at)
            select (lpad(to_hex(made), 12, '0') || '7' || left(translate(gen_random_uuid()::text, '-', ''), 3) || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
              :webhook, gen_random_uuid(), gen_random_uuid(), 'RUN_STATE_CHANGED', (array['QUEUED', 'READY', 'PLANNING', 'APPLYING', 'FINISHED'])[1 + n % 5], n,
              case when n / 1000 % 50 = 1 then 'FAILED' else 'DELIVERED' end, 1, to_timestamp((made - ln(1 - random()) * 70) / 1000.0)
            from (select n, (extract(epoch from now()) * 1000)::bigint - :over + (n::bigint * :over) / :many as made from generate_series(:first + 1, :last) n) m
            """)
        .bind("webhook", webhook.id().value())
        .bind("over", over.toMillis())
        .bind("many", MANY)
        .bind("first", first)
        .bind("last", last)
        .execute();
  }
}
