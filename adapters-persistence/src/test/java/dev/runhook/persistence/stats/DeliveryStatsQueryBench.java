package dev.runhook.persistence.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.Window;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Measures the stats of a webhook with a million deliveries in a day, of one with a million in an
/// hour, and of accounts with both and with a million deliveries to 1,000 webhooks. This is not a
/// test: it runs only if it is selected by name, and prints a table.
///
/// `mvn -o -Pquick test -pl adapters-persistence -am -Dtest=DeliveryStatsQueryBench
/// -Dsurefire.failIfNoSpecifiedTests=false -Drunhook.bench.deliveries=1000000`
class DeliveryStatsQueryBench {
  private static final int DELIVERIES = Integer.getInteger("runhook.bench.deliveries", 1_000_000);
  private static final int BATCH_SIZE = 100_000;
  private static final int MAX_PER_INTERVAL = 50_000;
  private static final int MAX_OF_ACCOUNT = 1_000_000;
  private static final int WARM_UP_RUNS = 5;
  private static final int TIMED_RUNS = 21;
  private static final double MICROS = 1000;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void stats_are_fast_for_any_number_of_deliveries() {
    List<Webhook> webhooks =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              return List.of(StoreFixture.addWebhook(unit, 1), StoreFixture.addWebhook(unit, 2));
            });
    insertDeliveries(webhooks.getFirst(), Duration.ofHours(23));
    insertDeliveries(webhooks.getLast(), Duration.ofMinutes(58));

    List<Long> counted = new ArrayList<>();
    counted.add(time("a day of a million a day", webhooks.getFirst(), Window.DAY));
    counted.add(time("an hour of a million a day", webhooks.getFirst(), Window.HOUR));
    counted.add(time("an hour of a million an hour", webhooks.getLast(), Window.HOUR));
    counted.add(time("a day of an account with both", () -> ofAccount(Window.DAY)));
    counted.add(time("an hour of an account with both", () -> ofAccount(Window.HOUR)));
    POSTGRES.jdbi().useHandle(DeliveryStatsQueryBench::spread);
    counted.add(time("a day of 1,002 webhooks", () -> ofAccount(Window.DAY)));
    counted.add(time("an hour of 1,002 webhooks", () -> ofAccount(Window.HOUR)));
    assertThat(counted).allSatisfy(count -> assertThat(count).isPositive());
  }

  private static long time(String name, Webhook webhook, Window window) {
    return time(name, () -> stats(webhook, window));
  }

  private static long time(String name, Supplier<DeliveryStats> query) {
    IntStream.range(0, WARM_UP_RUNS).forEach(ignored -> Objects.requireNonNull(query.get()));
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < TIMED_RUNS; i++) {
      long start = System.nanoTime();
      Objects.requireNonNull(query.get());
      nanos.add(System.nanoTime() - start);
    }
    nanos.sort(null);
    DeliveryStats stats = query.get();
    long counted =
        stats.intervals().stream()
            .mapToLong(statsInterval -> statsInterval.delivered() + statsInterval.failed())
            .sum();
    System.out.printf(
        Locale.ROOT,
        "%-32s %8.1f ms, at most %8.1f ms; %d counted%s%n",
        name,
        nanos.get(TIMED_RUNS / 2) / MICROS / MICROS,
        nanos.getLast() / MICROS / MICROS,
        counted,
        stats.truncated() ? " of more" : "");
    return counted;
  }

  private static DeliveryStats stats(Webhook webhook, Window window) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhook.id(), window, MAX_PER_INTERVAL));
  }

  private static DeliveryStats ofAccount(Window window) {
    return POSTGRES
        .transactor()
        .inTransaction(unit ->
            unit.statsQueries()
                .countDeliveries(
                    Samples.DEMO.account(),
                    new StackScope.All(),
                    Optional.empty(),
                    window,
                    MAX_OF_ACCOUNT));
  }

  /// Gives half of the deliveries to 1,000 other webhooks.
  private static void spread(Handle handle) {
    handle.execute(
        """
        insert into runhook.webhook select (jsonb_populate_record(w, jsonb_build_object(
          'id', '00000000-0000-7000-8000-' || lpad(n::text, 12, '0'), 'endpoint_normalized', 'https://example.com/' || n))).*
        from (select w from runhook.webhook w order by id limit 1) w, generate_series(1, 1000) n
        """);
    handle.execute(
        """
        update runhook.delivery
        set webhook_id = ('00000000-0000-7000-8000-' || lpad((1 + state_version / 2 % 1000)::text, 12, '0'))::uuid
        where state_version % 2 = 0
        """);
    handle.execute("vacuum analyze runhook.delivery");
  }

  private static void insertDeliveries(Webhook webhook, Duration over) {
    for (int start = 0; start < DELIVERIES; start += BATCH_SIZE) {
      int first = start;
      int last = Math.min(DELIVERIES, start + BATCH_SIZE);
      POSTGRES.jdbi().useHandle(handle -> insert(handle, webhook, over, first, last));
    }
    POSTGRES.jdbi().useHandle(handle -> handle.execute("vacuum analyze runhook.delivery"));
  }

  /// One in fifty deliveries fails, in bursts. Half of them take less than 50 ms.
  private static void insert(Handle handle, Webhook webhook, Duration over, int first, int last) {
    handle
        .createUpdate(
            """
            insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status,
              attempts, finished_at)
            select (lpad(to_hex(made), 12, '0') || '7' || left(translate(gen_random_uuid()::text, '-', ''),
              3) || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
              :webhook, gen_random_uuid(), gen_random_uuid(), 'RUN_STATE_CHANGED',
                (array['QUEUED', 'READY', 'PLANNING', 'APPLYING', 'FINISHED'])[1 + n % 5], n,
              case when n / 1000 % 50 = 1 then 'FAILED' else 'DELIVERED' end, 1,
                to_timestamp((made - ln(1 - random()) * 70) / 1000.0)
            from (select n,
              (extract(epoch from now()) * 1000)::bigint - :over + (n::bigint * :over) / :many as made
              from generate_series(:first + 1, :last) n) m
            """)
        .bind("webhook", webhook.id().value())
        .bind("over", over.toMillis())
        .bind("many", DELIVERIES)
        .bind("first", first)
        .bind("last", last)
        .execute();
  }
}
