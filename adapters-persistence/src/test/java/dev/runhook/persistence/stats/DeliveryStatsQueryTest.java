package dev.runhook.persistence.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.DeliveryStats.StatsInterval;
import dev.runhook.application.DeliveryStats.Window;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two webhooks, to each of which 20,000 deliveries were made in 50 minutes; every tenth failed,
/// and the others took 40 ms.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryStatsQueryTest {
  private static final int EACH = 20_000;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private List<Webhook> webhooks = List.of();

  @BeforeAll
  void fill() {
    webhooks =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              return List.of(StoreFixture.addWebhook(unit, 1), StoreFixture.addWebhook(unit, 2));
            });
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status, attempts, finished_at)
                select (lpad(to_hex(made), 12, '0') || '70008000' || lpad(to_hex(w.place * 100000 + n), 12, '0'))::uuid, w.id, gen_random_uuid(), gen_random_uuid(),
                  'RUN_STATE_CHANGED', (array['QUEUED', 'PLANNING', 'FINISHED'])[1 + n %% 3], n, case when n %% 10 = 0 then 'FAILED' else 'DELIVERED' end, 1,
                  to_timestamp((made + case when n %% 10 = 0 then 900000 else 40 end) / 1000.0)
                from (select id, row_number() over (order by id) as place from runhook.webhook) w,
                  (select n, (extract(epoch from now()) * 1000)::bigint - 3000000 + n::bigint * 3000000 / %1$d as made from generate_series(1, %1$d) n) m
                """
                    .formatted(EACH)));
  }

  @Test
  void all_are_counted_and_enough_are_looked_at_to_tell_how_long_they_took() {
    DeliveryStats deliveryStats = pulse(Window.HOUR, EACH);

    assertThat(deliveryStats.truncated()).isFalse();
    assertThat(deliveryStats.intervals().stream().mapToInt(StatsInterval::failed).sum())
        .isEqualTo(EACH / 10);
    assertThat(deliveryStats.intervals().stream().mapToInt(StatsInterval::delivered).sum())
        .isEqualTo(EACH - EACH / 10);
    assertThat(
            deliveryStats.intervals().stream()
                .filter(statsInterval -> statsInterval.delivered() > 0))
        .hasSizeGreaterThanOrEqualTo(50)
        .allSatisfy(beat -> {
          assertThat(beat.median()).isEqualTo(Optional.of(Duration.ofMillis(40)));
          assertThat(beat.p99()).isEqualTo(beat.median());
        });
  }

  @Test
  void of_a_step_no_more_are_counted_than_asked_for() {
    DeliveryStats deliveryStats = pulse(Window.DAY, 1000);

    assertThat(deliveryStats.truncated()).isTrue();
    assertThat(deliveryStats.intervals())
        .extracting(statsInterval -> statsInterval.delivered() + statsInterval.failed())
        .contains(1000);
    assertThat(deliveryStats.intervals())
        .allSatisfy(beat -> assertThat(beat.delivered() + beat.failed()).isLessThanOrEqualTo(1000));
  }

  private DeliveryStats pulse(Window window, int most) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhooks.getFirst().id(), window, most));
  }
}
