package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Pulse;
import dev.runhook.application.Pulse.Beat;
import dev.runhook.application.Pulse.Span;
import dev.runhook.domain.webhook.Webhook;
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
class PulsingTest {
  private static final int EACH = 20_000;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private List<Webhook> webhooks = List.of();

  @BeforeAll
  void fill() {
    webhooks =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              Stage.prepare(unit);
              return List.of(Stage.webhook(unit, 1), Stage.webhook(unit, 2));
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
    Pulse pulse = pulse(Span.HOUR, EACH);

    assertThat(pulse.truncated()).isFalse();
    assertThat(pulse.beats().stream().mapToInt(Beat::failed).sum()).isEqualTo(EACH / 10);
    assertThat(pulse.beats().stream().mapToInt(Beat::delivered).sum()).isEqualTo(EACH - EACH / 10);
    assertThat(pulse.beats().stream().filter(beat -> beat.delivered() > 0))
        .hasSizeGreaterThanOrEqualTo(50)
        .allSatisfy(beat -> {
          assertThat(beat.median()).isEqualTo(Optional.of(Duration.ofMillis(40)));
          assertThat(beat.p99()).isEqualTo(beat.median());
        });
  }

  @Test
  void of_a_step_no_more_are_counted_than_asked_for() {
    Pulse pulse = pulse(Span.DAY, 1000);

    assertThat(pulse.truncated()).isTrue();
    assertThat(pulse.beats()).extracting(beat -> beat.delivered() + beat.failed()).contains(1000);
    assertThat(pulse.beats())
        .allSatisfy(beat -> assertThat(beat.delivered() + beat.failed()).isLessThanOrEqualTo(1000));
  }

  private Pulse pulse(Span span, int most) {
    return POSTGRES
        .transactor()
        .inTransaction(unit -> unit.glances().pulse(webhooks.getFirst().id(), span, most));
  }
}
