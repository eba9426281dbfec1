package dev.runhook.persistence.stats;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
import dev.runhook.application.query.DeliveryStats.Window;
import dev.runhook.domain.assessment.Trend;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two webhooks with 20,000 deliveries each within 50 minutes. Every tenth delivery failed, and the
/// others took 40 ms.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryStatsQueryTest {
  private static final int PER_WEBHOOK = 20_000;

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
                insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status,
                  attempts, finished_at)
                select (lpad(to_hex(made), 12, '0') || '70008000' || lpad(to_hex(w.place * 100000 + n), 12,
                  '0'))::uuid, w.id, gen_random_uuid(), gen_random_uuid(),
                  'RUN_STATE_CHANGED', (array['QUEUED', 'PLANNING', 'FINISHED'])[1 + n %% 3], n,
                    case when n %% 10 = 0 then 'FAILED' else 'DELIVERED' end, 1,
                  to_timestamp((made + case when n %% 10 = 0 then 900000 else 40 end) / 1000.0)
                from (select id, row_number() over (order by id) as place from runhook.webhook) w,
                  (select n,
                    (extract(epoch from now()) * 1000)::bigint - 3000000 + n::bigint * 3000000 / %1$d as made
                    from generate_series(1, %1$d) n) m
                """
                    .formatted(PER_WEBHOOK)));
  }

  @Test
  void all_deliveries_are_counted_and_latency_is_computed_from_samples() {
    DeliveryStats stats = stats(Window.HOUR, PER_WEBHOOK);

    assertThat(stats.truncated()).isFalse();
    assertThat(stats.intervals().stream().mapToInt(StatsInterval::failed).sum())
        .isEqualTo(PER_WEBHOOK / 10);
    assertThat(stats.intervals().stream().mapToInt(StatsInterval::delivered).sum())
        .isEqualTo(PER_WEBHOOK - PER_WEBHOOK / 10);
    assertThat(stats.intervals().stream().filter(statsInterval -> statsInterval.delivered() > 0))
        .hasSizeGreaterThanOrEqualTo(50)
        .allSatisfy(interval -> {
          assertThat(interval.median()).isEqualTo(Optional.of(Duration.ofMillis(40)));
          assertThat(interval.p99()).isEqualTo(interval.median());
        });
  }

  @Test
  void counts_per_interval_are_capped() {
    DeliveryStats stats = stats(Window.DAY, 1000);

    assertThat(stats.truncated()).isTrue();
    assertThat(stats.intervals())
        .extracting(statsInterval -> statsInterval.delivered() + statsInterval.failed())
        .contains(1000);
    assertThat(stats.intervals())
        .allSatisfy(interval ->
            assertThat(interval.delivered() + interval.failed()).isLessThanOrEqualTo(1000));
  }

  @Test
  void the_trend_counts_each_half_hour_up_to_a_limit() {
    WebhookId webhook = webhooks.getFirst().id();

    Trend trend =
        POSTGRES
            .transactor()
            .inTransaction(unit ->
                requireNonNull(unit.statsQueries().activity(List.of(webhook)).get(webhook))
                    .trend());

    // 360 are delivered each minute, 40 fail
    assertThat(trend.delivered().stream().filter(count -> count > 0).limit(2).toList())
        .contains(Trend.MAX_COUNTED);
    assertThat(trend.failed().stream().mapToInt(count -> count).sum())
        .isBetween(Trend.MAX_COUNTED, 3 * Trend.MAX_COUNTED);
    assertThat(trend.delivered()).allMatch(count -> count <= Trend.MAX_COUNTED);
    assertThat(trend.delivered().subList(0, Trend.LENGTH - 3)).containsOnly(0);
  }

  private DeliveryStats stats(Window window, int max) {
    return POSTGRES
        .transactor()
        .inTransaction(
            unit -> unit.statsQueries().deliveryStats(webhooks.getFirst().id(), window, max));
  }
}
