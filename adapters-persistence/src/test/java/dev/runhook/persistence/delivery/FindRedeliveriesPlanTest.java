package dev.runhook.persistence.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A stack with 100 runs and another one with 20,000, each run with three events that its webhook
/// was skipped for. The webhook of the first stack has 10,000 deliveries. PostgreSQL counts the
/// rows that replays read.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FindRedeliveriesPlanTest {
  private static final int SKIPPED = 300;
  private static final int DELIVERED = 10_000;
  private static final int LIMIT = 1_000_000;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private Webhook webhook = Samples.webhook();
  private Connection connection;

  @BeforeAll
  void fill() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          webhook = StoreFixture.addWebhook(unit, 1);
        });
    POSTGRES.jdbi().useHandle(this::fill);
  }

  private void fill(Handle handle) {
    handle.execute(
        """
        insert into runhook.stack (id, account, slug, name, description, labels)
        values (gen_random_uuid(), 'acme', 'large', 'Large', '', '{}')
        """);
    handle.execute(
        """
        insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message, commit_author_name,
          created_at, state, state_version)
        select gen_random_uuid(), s.id, 'run-' || n, 'TRACKED', 'main', 'a', '', '', now(), 'READY', 3
        from runhook.stack s, generate_series(1, 20000) n where s.slug = 'large' or n <= 100
        """);
    handle.execute(
        """
        insert into runhook.event (id, stack_id, kind, run_id, run_name, state, state_version, occurred_at, expected,
          payload)
        select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '70008000'
            || lpad(to_hex(row_number() over ()), 12, '0'))::uuid,
          r.stack_id, 'RUN_STATE_CHANGED', r.id, r.name, 'READY', n, now(), true, ''
        from runhook.run r, generate_series(1, 3) n
        """);
    handle.execute(
        """
        insert into runhook.skipped_delivery (event_id, webhook_id, reason, reason_values)
        select e.id, case when s.slug = 'large' then s.id else ? end, 'SKIPPED_STATE', '{FAILED,READY}'
        from runhook.event e join runhook.stack s on s.id = e.stack_id
        """,
        webhook.id().value());
    handle.execute(
        """
        insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status, attempts)
        select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '70018000'
            || lpad(to_hex(n), 12, '0'))::uuid,
          ?, gen_random_uuid(), gen_random_uuid(), 'RUN_STATE_CHANGED', 'READY', 1, 'DELIVERED', 1
        from generate_series(1, ?) n
        """,
        webhook.id().value(),
        DELIVERED);
    handle.execute(
        "analyze runhook.run, runhook.event, runhook.skipped_delivery, runhook.delivery");
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = POSTGRES.pool().getConnection();
    connection.setAutoCommit(false);
  }

  @AfterEach
  void closeConnection() throws SQLException {
    connection.rollback();
    connection.close();
  }

  @Test
  void skipped_events_are_found_through_the_runs_of_the_stack() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    long before = rowsRead();

    var found =
        unit.deliveries()
            .findSkipped(
                DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id())), Set.of(), LIMIT);

    assertThat(found).hasSize(SKIPPED);
    assertThat(rowsRead() - before).isLessThan(4 * SKIPPED);
  }

  @Test
  void the_skipped_events_of_a_run_are_found_through_the_run() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    DeliveryScope ofRun =
        new DeliveryScope.OfWebhook(Samples.DEMO, webhook.id(), Optional.of("run-7"));
    long before = rowsRead();

    var found = unit.deliveries().findSkipped(DeliveryFilter.of(ofRun), Set.of(), LIMIT);

    assertThat(found).hasSize(3);
    assertThat(rowsRead() - before).isLessThan(20);
  }

  @Test
  void finished_deliveries_are_found_with_one_look_at_the_run_of_each() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    long before = rowsRead();

    var found =
        unit.deliveries()
            .findLatestFinished(
                DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id())), LIMIT);

    assertThat(found).hasSize(DELIVERED);
    assertThat(rowsRead() - before).isLessThan(3 * DELIVERED);
  }

  @Test
  void the_last_success_is_found_without_the_earlier_ones() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    long before = rowsRead();

    var found = unit.deliveries().findLastSuccess(webhook.id());

    assertThat(found).isPresent();
    assertThat(rowsRead() - before).isLessThan(10);
  }

  /// The rows that this transaction has read so far, with and without an index.
  private long rowsRead() {
    return Jdbi.create(connection)
        .open()
        .createQuery(
            """
            select coalesce(sum(seq_tup_read), 0) + coalesce(sum(idx_tup_fetch), 0)
            from pg_stat_xact_all_tables
            where schemaname = 'runhook' and relname ~ '^(run|event|skipped_delivery|delivery)'
            """)
        .mapTo(Long.class)
        .one();
  }
}
