package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// 10,000 webhooks have one delivery each. PostgreSQL has statistics of an empty queue.
@Tag("slow")
class PollPlanTest {
  private static final int WEBHOOKS = 10_000;

  /// The blocks that a poll may read.
  private static final int FEW = 400;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private Webhook webhook;

  @BeforeEach
  void addWebhooksThatWait() {
    POSTGRES
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              "truncate runhook.delivery_queue, runhook.webhook, runhook.run, runhook.stack"
                  + " cascade");
          handle.execute("alter table runhook.delivery_queue set (autovacuum_enabled = off)");
          handle.execute("analyze runhook.delivery_queue");
        });
    webhook =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              return StoreFixture.addWebhook(unit, 1);
            });
    POSTGRES
        .jdbi()
        .useHandle(handle -> {
          handle
              .createUpdate(
                  """
                  insert into runhook.webhook
                  select (jsonb_populate_record(w, jsonb_build_object(
                    'id', gen_random_uuid(), 'endpoint_normalized', 'https://' || n || '.example'))).*
                  from runhook.webhook w, generate_series(2, :webhooks) n
                  """)
              .bind("webhooks", WEBHOOKS)
              .execute();
          handle.execute("analyze runhook.webhook");
          handle.execute(
              """
              insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version, due_at,
                attempts, failures)
              select gen_random_uuid(), w.id, gen_random_uuid(), gen_random_uuid(), 'RUN_STATE_CHANGED', 'PLANNING', 1,
                now() + interval '10 minutes', 1, 1
              from runhook.webhook w
              """);
        });
  }

  @Test
  void a_poll_without_due_deliveries_reads_little_whatever_waits_for_a_retry() {
    assertThat(blocksReadBy(PollPlanTest::poll)).isLessThan(FEW);
  }

  @Test
  void a_poll_without_due_probes_reads_little_whatever_waits_for_one() {
    execute(
        """
        update runhook.webhook
        set health = 'PAUSED', health_since = now(), last_error = '', next_probe_at = now() + interval '1 hour'
        """);

    assertThat(blocksReadBy(PollPlanTest::poll)).isLessThan(FEW);
  }

  @Test
  void claiming_a_few_deliveries_reads_little_whatever_waits() {
    POSTGRES
        .transactor()
        .run(unit -> {
          for (int number = 0; number < 3; number++) {
            StoreFixture.recordTransition(
                unit, webhook, StoreFixture.addRun(unit, "due-" + number));
          }
        });
    execute(
        """
        update runhook.delivery_queue set leased_until = now() + interval '1 hour'
        where id in (select id from runhook.delivery_queue where attempts > 0 limit 3)
        """);

    long blocks = blocksReadBy(unit -> assertThat(poll(unit)).hasSize(3));

    assertThat(blocks).isLessThan(FEW);
  }

  @Test
  void a_poll_reads_nothing_of_what_was_sent_at_once_while_a_backup_runs() {
    try (Handle backup = POSTGRES.jdbi().open()) {
      backup.execute("begin isolation level repeatable read");
      backup.execute("select count(*) from runhook.delivery_queue");
      POSTGRES
          .transactor()
          .run(unit -> {
            for (int number = 0; number < 100; number++) {
              List<LeasedDelivery> leased =
                  StoreFixture.recordAndLease(
                      unit, webhook, StoreFixture.addRun(unit, "sent-" + number));
              StoreFixture.complete(unit, leased, new Disposition.Delivered());
            }
          });

      assertThat(blocksReadBy(PollPlanTest::poll)).isLessThan(FEW);
      backup.execute("rollback");
    }
  }

  private static List<LeasedDelivery> poll(UnitOfWork unit) {
    List<LeasedDelivery> claimed =
        unit.deliveries().claimDue(ClaimRequest.of(StoreFixture.HOUR, 100));
    unit.deliveries().timeUntilNextDue();
    return claimed;
  }

  private static void execute(String sql) {
    POSTGRES.jdbi().useHandle(handle -> handle.execute(sql));
  }

  /// The blocks of tables and indexes that a transaction reads, cached or not.
  private static long blocksReadBy(Consumer<UnitOfWork> work) {
    try (Handle handle = POSTGRES.jdbi().open()) {
      handle.begin();
      long before = blocksRead(handle);
      work.accept(JdbiUnitOfWork.joining(handle));
      long blocks = blocksRead(handle) - before;
      handle.rollback();
      return blocks;
    }
  }

  private static long blocksRead(Handle handle) {
    return handle
        .createQuery(
            """
            select sum(pg_stat_get_xact_blocks_fetched(oid)) from pg_class
            where relnamespace = 'runhook'::regnamespace
            """)
        .mapTo(Long.class)
        .one();
  }
}
