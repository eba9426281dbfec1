package dev.runhook.persistence.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.stats.StoreStats.OpenDeliveries;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StoreStatsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private final StoreStats stats = new StoreStats(POSTGRES.pool(), BucketSchema.ONLY);

  @BeforeEach
  void beginEmpty() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("drop schema if exists runhook cascade"));
    new Schema(POSTGRES.pool()).migrate();
  }

  @Test
  void an_empty_store_has_no_open_deliveries() {
    assertThat(stats.count().open()).isEmpty();
    assertThat(stats.count().webhooks()).isEmpty();
  }

  @Test
  void open_deliveries_are_counted_by_state() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          var run = StoreFixture.addRun(unit, "one");
          StoreFixture.recordTransition(unit, webhook, run);
          StoreFixture.recordTransition(unit, webhook, run);
          StoreFixture.complete(
              unit, unit.deliveries().claimDue(one()), new Disposition.Retry(StoreFixture.HOUR));
          StoreFixture.recordTransition(unit, webhook, StoreFixture.addRun(unit, "two"));
          unit.deliveries().claimDue(one());
          StoreFixture.recordTransition(unit, webhook, StoreFixture.addRun(unit, "three"));
          StoreFixture.recordTransition(unit, webhook, StoreFixture.addRun(unit, "four"));
        });
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                update runhook.delivery_queue
                set created_at = created_at - interval '1 hour', due_at = due_at - interval '10 s'
                where due_at <= now()
                """));

    OpenDeliveries open = stats.count().open().getFirst();

    assertThat(open.health()).isEqualTo("active");
    assertThat(open.due()).isEqualTo(2);
    assertThat(open.inFlight()).isEqualTo(1);
    assertThat(open.scheduled()).isEqualTo(1);
    assertThat(open.waiting()).isEqualTo(1);
    assertThat(open.oldestSeconds()).isBetween(3600.0, 3700.0);
    assertThat(open.overdueSeconds()).isBetween(10.0, 110.0);
    assertThat(stats.count().webhooks()).isEqualTo(Map.of("active", 1L));
  }

  @Test
  void a_delivery_that_waits_for_the_rate_of_its_webhook_is_not_overdue() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.recordTransition(
              unit, StoreFixture.addWebhook(unit, 1), StoreFixture.addRun(unit, "one"));
        });
    age("due_at = due_at - interval '10 s'", "delivery_queue");
    double unlimited = stats.count().open().getFirst().overdueSeconds();
    age("next_send_at = now() + interval '1 minute'", "webhook");
    double waiting = stats.count().open().getFirst().overdueSeconds();
    age("next_send_at = now() - interval '5 s'", "webhook");
    double allowed = stats.count().open().getFirst().overdueSeconds();

    assertThat(unlimited).isGreaterThanOrEqualTo(10);
    assertThat(waiting).isZero();
    assertThat(allowed).isBetween(5.0, 9.9);
  }

  private static void age(String times, String table) {
    POSTGRES
        .jdbi()
        .useHandle(handle -> handle.execute("update runhook." + table + " set " + times));
  }

  @Test
  void a_large_queue_is_counted_up_to_a_limit() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.recordTransition(
              unit, StoreFixture.addWebhook(unit, 1), StoreFixture.addRun(unit, "one"));
        });
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version, due_at,
                  attempts, failures)
                select gen_random_uuid(), webhook_id, run_id, event_id, kind, state, state_version, null, 0, 0
                from runhook.delivery_queue, generate_series(1, 11000)
                """));

    OpenDeliveries open = stats.count().open().getFirst();

    assertThat(open.waiting()).isEqualTo(10_000);
    assertThat(open.due()).isEqualTo(1);
  }

  @Test
  void open_deliveries_of_paused_webhooks_are_counted_separately() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.recordTransition(
              unit, StoreFixture.addWebhook(unit, 1), StoreFixture.addRun(unit, "one"));
          StoreFixture.recordTransition(
              unit, StoreFixture.addWebhook(unit, 2), StoreFixture.addRun(unit, "two"));
        });
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                update runhook.webhook
                set health = 'PAUSED', health_since = now(), last_error = '', next_probe_at = now()
                where endpoint like '%2'
                """));

    assertThat(stats.count().open())
        .extracting(OpenDeliveries::health)
        .containsExactly("active", "paused");
    assertThat(stats.count().webhooks()).isEqualTo(Map.of("active", 1L, "paused", 1L));
  }

  @Test
  void the_size_of_a_table_includes_its_partitions() {
    long before = size("event");

    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                insert into runhook.event (id, stack_id, kind, occurred_at, payload)
                select gen_random_uuid(), gen_random_uuid(), 'PING', now(), decode(md5(random()::text), 'hex')
                from generate_series(1, 10000)
                """));

    assertThat(size("event")).isGreaterThan(before + 300_000);
    assertThat(stats.tableSizes())
        .containsKeys("stack", "run", "event", "delivery", "attempt", "delivery_queue", "webhook")
        .doesNotContainKey("event_default");
  }

  private long size(String table) {
    return stats.tableSizes().getOrDefault(table, 0L);
  }

  private static ClaimRequest one() {
    return ClaimRequest.of(Duration.ofHours(1), 1);
  }
}
