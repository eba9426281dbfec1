package dev.runhook.persistence.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbiStatsQueriesTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void a_backlog_of_a_webhook_with_a_rate_is_stalled_since_its_last_slot() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          var webhook = StoreFixture.addWebhook(unit, 1);
          StoreFixture.recordTransition(unit, webhook, StoreFixture.addRun(unit, "one"));
        });
    execute("update runhook.delivery_queue set due_at = now() - interval '1 hour'");
    Duration withoutSlot = stalledFor();
    execute("update runhook.webhook set next_send_at = now() - interval '2 hours'");
    Duration afterOldSlot = stalledFor();
    execute("update runhook.webhook set next_send_at = now() - interval '1 s'");
    Duration atSlot = stalledFor();

    assertThat(withoutSlot).isGreaterThanOrEqualTo(Duration.ofHours(1));
    assertThat(afterOldSlot).isGreaterThanOrEqualTo(Duration.ofHours(1));
    assertThat(atSlot).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(10));
  }

  private static void execute(String statement) {
    POSTGRES.jdbi().useHandle(handle -> handle.execute(statement));
  }

  private static Duration stalledFor() {
    return POSTGRES
        .transactor()
        .inTransaction(unit -> {
          Optional<Instant> since = unit.statsQueries().stalledSince(Samples.DEMO.account());
          return Duration.between(since.orElseThrow(), unit.now());
        });
  }
}
