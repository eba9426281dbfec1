package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Measures each list with a thousand deliveries and with many more. A tenth of them are open. This
/// is not a test: it runs only if it is selected by name, and prints a table.
///
/// `mvn -o -Pquick test -pl adapters-persistence -am -Dtest=ListDeliveriesBench
/// -Dsurefire.failIfNoSpecifiedTests=false -Drunhook.bench.deliveries=1000000`
class ListDeliveriesBench {
  private static final int FEW = 1000;
  private static final int MANY = Integer.getInteger("runhook.bench.deliveries", 1_000_000);
  private static final int AT_ONCE = 100_000;
  private static final int WARM_UP = 30;
  private static final int TIMED = 101;
  private static final double MICROS = 1000;

  private static final String MADE =
      """
      select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - 80000000 + n * 80), 12,
        '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid as id,
        w.ids[1 + n %% cardinality(w.ids)] as webhook_id, r.ids[1 + n %% cardinality(r.ids)] as run_id,
        (array['QUEUED', 'READY', 'PLANNING', 'APPLYING', 'FINISHED'])[1 + n %% 5] as state, n
      from generate_series(%1$d + 1, %2$d) n,
        (select array_agg(id order by id) as ids from runhook.webhook) w,
          (select array_agg(id order by id) as ids from runhook.run) r
      where n %% 10 %3$s 0
      """;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void lists_are_as_fast_with_many_deliveries_as_with_few() {
    List<Webhook> webhooks =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              IntStream.range(0, 2000).forEach(run -> StoreFixture.addRun(unit, "run-" + run));
              return IntStream.range(0, 20)
                  .mapToObj(number -> StoreFixture.addWebhook(unit, number))
                  .toList();
            });
    Map<String, DeliveryFilter> filters = filters(webhooks.getFirst());

    grow(0, FEW);
    Map<String, Double> few = times(filters);
    grow(FEW, MANY);
    Map<String, Double> many = times(filters);

    System.out.printf(
        Locale.ROOT, "%-32s %12s %12s %8s%n", "list", FEW + " (ms)", MANY + " (ms)", "ratio");
    few.forEach((name, before) -> {
      double after = many.getOrDefault(name, 0.0);
      System.out.printf(
          Locale.ROOT, "%-32s %12.2f %12.2f %8.2f%n", name, before, after, after / before);
    });
    assertThat(many).hasSameSizeAs(few);
  }

  private static Map<String, DeliveryFilter> filters(Webhook webhook) {
    DeliveryFilter ofWebhook = DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id()));
    DeliveryFilter ofAccount =
        DeliveryFilter.of(
            new DeliveryScope.OfAccount(Samples.ACME, new StackScope.All(), Optional.empty()));
    DeliveryFilter ofRun =
        DeliveryFilter.of(new DeliveryScope.OfRun(new RunId(Samples.DEMO, "run-7")));
    Map<String, DeliveryFilter> filters = new LinkedHashMap<>();
    filters.put("of a webhook", ofWebhook);
    filters.put("of a webhook, status open", ofWebhook.withStatus(Status.PENDING));
    filters.put("of a webhook, status failed", ofWebhook.withStatus(Status.FAILED));
    filters.put("of a webhook, with a state", ofWebhook.withState(RunState.PLANNING));
    filters.put("of a webhook, with a state that none has", ofWebhook.withState(RunState.SKIPPED));
    filters.put("of a run", ofRun);
    filters.put("of the account", ofAccount);
    filters.put("of the account, status failed", ofAccount.withStatus(Status.FAILED));
    return filters;
  }

  private static void grow(int from, int to) {
    for (int start = from; start < to; start += AT_ONCE) {
      int first = start;
      int last = Math.min(to, start + AT_ONCE);
      POSTGRES.jdbi().useHandle(handle -> insert(handle, first, last));
    }
    POSTGRES
        .jdbi()
        .useHandle(handle -> {
          handle.execute("vacuum analyze runhook.delivery");
          handle.execute("vacuum analyze runhook.delivery_queue");
        });
  }

  private static void insert(Handle handle, int first, int last) {
    handle.execute(
        """
        insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status, attempts)
        select id, webhook_id, run_id, gen_random_uuid(), 'RUN_STATE_CHANGED', state, n,
          case when n % 1000 = 1 then 'FAILED' else 'DELIVERED' end, 1
        from (MADE) m
        """
            .replace("MADE", MADE.formatted(first, last, "<>")));
    handle.execute(
        """
        insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version, attempts,
          failures)
        select id, webhook_id, run_id, gen_random_uuid(), 'RUN_STATE_CHANGED', state, n, 0, 0 from (MADE) m
        """
            .replace("MADE", MADE.formatted(first, last, "=")));
  }

  /// The median times in milliseconds.
  private static Map<String, Double> times(Map<String, DeliveryFilter> filters) {
    Map<String, Double> medians = new LinkedHashMap<>();
    filters.forEach((name, filter) -> {
      IntStream.range(0, WARM_UP).forEach(ignored -> list(filter));
      List<Long> nanos = new ArrayList<>();
      IntStream.range(0, TIMED).forEach(ignored -> nanos.add(list(filter)));
      nanos.sort(null);
      medians.put(name, nanos.get(TIMED / 2) / MICROS / MICROS);
    });
    return medians;
  }

  private static long list(DeliveryFilter filter) {
    long begin = System.nanoTime();
    POSTGRES.transactor().run(unit -> unit.deliveries().list(filter, PageRequest.first()));
    return System.nanoTime() - begin;
  }
}
