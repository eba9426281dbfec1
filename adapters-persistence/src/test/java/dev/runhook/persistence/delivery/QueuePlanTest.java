package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// PostgreSQL has statistics of an empty queue, and then the queue gets 20,000 rows. Before that,
/// the statements run on one connection often enough for the driver and the server to cache plans.
@Tag("slow")
class QueuePlanTest {
  private static final int ROWS = 20_000;
  private static final int WARM_UP_RUNS = 20;
  private static final ClaimRequest CLAIM = ClaimRequest.of(StoreFixture.HOUR, 100);

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private Connection connection;
  private List<Webhook> webhooks;

  @BeforeEach
  void planWithAnEmptyQueueAndThenFillIt() throws SQLException {
    connection = POSTGRES.pool().getConnection();
    connection.setAutoCommit(false);
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "truncate runhook.delivery_queue, runhook.webhook, runhook.run, runhook.stack"
                    + " cascade"));
    webhooks =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              return IntStream.range(0, 20)
                  .mapToObj(number -> StoreFixture.addWebhook(unit, number))
                  .toList();
            });
    POSTGRES
        .jdbi()
        .useHandle(handle -> handle.execute("analyze runhook.delivery_queue, runhook.webhook"));
    for (int i = 0; i < WARM_UP_RUNS; i++) {
      recordAndDeliver("warm-" + i);
    }
    POSTGRES.jdbi().useHandle(QueuePlanTest::fill);
  }

  private void recordAndDeliver(String name) throws SQLException {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    StoreFixture.recordTransition(unit, webhooks.getFirst(), StoreFixture.addRun(unit, name));
    List<LeasedDelivery> claimed = unit.deliveries().claimDue(CLAIM);
    unit.deliveries().timeUntilNextDue();
    StoreFixture.complete(unit, claimed, new Disposition.Delivered());
    connection.commit();
  }

  private static void fill(Handle handle) {
    handle.execute("alter table runhook.delivery_queue set (autovacuum_enabled = off)");
    handle
        .createUpdate(
            """
            insert into runhook.delivery_queue (id, webhook_id, run_id, event_id, kind, state, state_version, due_at,
              attempts, failures)
            select gen_random_uuid(), w.id, gen_random_uuid(), gen_random_uuid(), 'RUN_STATE_CHANGED', 'PLANNING', 1,
              now(), 0, 0
            from runhook.webhook w, generate_series(1, :each)
            """)
        .bind("each", ROWS / 20)
        .execute();
  }

  @AfterEach
  void closeConnection() throws SQLException {
    connection.rollback();
    connection.close();
  }

  @Test
  void a_claim_reads_few_rows_that_it_does_not_claim() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Reads before = reads();

    unit.deliveries().claimDue(CLAIM);

    Reads claim = reads().since(before);
    assertThat(claim.updated()).isEqualTo(100);
    assertThat(claim.bySequence()).isZero();
    assertThat(claim.byIndex()).isLessThan(1500);
  }

  @Test
  void inserting_and_completing_read_no_other_deliveries() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    RunId run = StoreFixture.addRun(unit, "fresh");
    Reads before = reads();

    NewDelivery head = StoreFixture.recordTransition(unit, webhooks.getLast(), run);
    StoreFixture.recordTransition(unit, webhooks.getLast(), run);
    lease(head);
    StoreFixture.complete(
        unit, List.of(head.toLeasedDelivery(Optional.empty())), new Disposition.Delivered());

    Reads work = reads().since(before);
    assertThat(work.bySequence()).isZero();
    assertThat(work.byIndex()).isLessThan(60);
  }

  @Test
  void the_next_due_time_does_not_read_what_is_due() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Reads before = reads();

    assertThat(unit.deliveries().timeUntilNextDue()).isEmpty();

    assertThat(reads().since(before).bySequence()).isZero();
  }

  @Test
  void finding_the_blocking_delivery_reads_few_rows_of_the_queue() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    RunId run = StoreFixture.addRun(unit, "lane");
    NewDelivery head = StoreFixture.recordTransition(unit, webhooks.getLast(), run);
    NewDelivery waiting = StoreFixture.recordTransition(unit, webhooks.getLast(), run);
    Reads before = reads();

    StoredDelivery found =
        unit.deliveries().find(Samples.DEMO.account(), waiting.id()).orElseThrow();

    Reads find = reads().since(before);
    assertThat(found.blockedBy()).map(Delivery::id).contains(head.id());
    assertThat(find.bySequence()).isZero();
    assertThat(find.byIndex()).isLessThan(60);
  }

  @Test
  void reporting_and_completing_read_few_of_the_reports_that_wait() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Webhook alerts = webhooks.getLast();
    Webhook affected = webhooks.getFirst();
    StoreFixture.reportAbout(unit, affected, alerts);
    Jdbi.create(connection)
        .open()
        .execute(
            """
            insert into runhook.delivery_queue (id, webhook_id, subject_id, lane_order, event_id, kind, attempts, failures)
            select gen_random_uuid(), webhook_id, subject_id, lpad(to_hex(n), 32, '0')::uuid, event_id, kind, 0, 0
            from runhook.delivery_queue, generate_series(1, 5000) n where subject_id is not null
            """);
    List<LeasedDelivery> head =
        unit.deliveries().claimDue(ClaimRequest.of(StoreFixture.HOUR, ROWS * 2)).stream()
            .filter(leased -> leased.content().kind().isOperational())
            .toList();
    Reads before = reads();

    StoreFixture.reportAbout(unit, affected, alerts);
    StoreFixture.complete(unit, head, new Disposition.Delivered());

    Reads work = reads().since(before);
    assertThat(head).hasSize(1);
    assertThat(work.updated()).isEqualTo(1);
    assertThat(work.bySequence()).isZero();
    assertThat(work.byIndex()).isLessThan(60);
  }

  private void lease(NewDelivery delivery) {
    Jdbi.create(connection)
        .open()
        .execute(
            "update runhook.delivery_queue set attempts = 1, leased_until = now() where id ="
                + " ?::uuid",
            delivery.id().toString());
  }

  private record Reads(long bySequence, long byIndex, long updated) {
    Reads since(Reads before) {
      return new Reads(
          bySequence - before.bySequence, byIndex - before.byIndex, updated - before.updated);
    }
  }

  /// The rows of the queue that this transaction has read and changed so far.
  private Reads reads() {
    return Jdbi.create(connection)
        .open()
        .createQuery(
            "select * from pg_stat_xact_all_tables where relid ="
                + " 'runhook.delivery_queue'::regclass")
        .map((row, ignored) ->
            new Reads(
                row.getLong("seq_tup_read"),
                row.getLong("idx_tup_fetch"),
                row.getLong("n_tup_upd")))
        .one();
  }
}
