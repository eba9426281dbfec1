package dev.runhook.persistence.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.DeliveryStats.StatsInterval;
import dev.runhook.application.query.DeliveryStats.Window;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.assessment.Trend;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.assessment.WebhookActivity.FirstAttempts;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Two webhooks with 30,000 deliveries each, half of them open. Only the oldest few have a rare
/// state, have failed, belong to the run in the filters, or are about an operational event.
/// PostgreSQL counts the rows that lists read.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListDeliveriesPlanTest {
  private static final int PER_WEBHOOK = 30_000;

  /// A page and one more row from each of the streams of two webhooks.
  private static final int MAX_READ = 2 * 3 * (PageRequest.DEFAULT_LIMIT + 1);

  /// Ten rounds of 100 rows from each of the streams of two webhooks that have so many.
  private static final int MAX_READ_BY_SEARCH = 10 * 100 * 2 * 3;

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private Webhook webhook = Samples.webhook();
  private RunId run = new RunId(Samples.DEMO, "rare");
  private Instant filledAt = Instant.EPOCH;
  private Connection connection;

  @BeforeAll
  void fill() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          webhook = StoreFixture.addWebhook(unit, 1);
          StoreFixture.addWebhook(unit, 2);
          run = StoreFixture.addRun(unit, "rare");
        });
    filledAt = Instant.now();
    POSTGRES.jdbi().useHandle(ListDeliveriesPlanTest::fill);
  }

  private static void fill(Handle handle) {
    handle.execute(
        """
        create temporary table made as
        select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - %1$d + n), 12,
          '0') || '70008000' || lpad(to_hex(w.place * %1$d + n), 12, '0'))::uuid as id,
          w.id as webhook_id,
          case when n <= 10 then (select id from runhook.run) when n > 20 then gen_random_uuid() end as run_id,
          case when n between 11 and 20 then 'WEBHOOK_PAUSED' else 'RUN_STATE_CHANGED' end as kind,
          case when n <= 10 then 'SKIPPED' when n > 20 then 'PLANNING' end as state,
          case when n <= 10 or n > 20 then n end as version,
          case when n <= 10 then 'FAILED' else 'DELIVERED' end as status,
          n
        from (select id, row_number() over (order by id) as place from runhook.webhook) w, generate_series(1, %1$d) n
        """
            .formatted(PER_WEBHOOK));
    handle.execute(
        """
        insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, status, attempts)
        select id, webhook_id, run_id, gen_random_uuid(), kind, state, version, status, 1 from made where n % 2 = 0
        """);
    handle.execute(
        """
        insert into runhook.delivery_queue (id, webhook_id, run_id, subject_id, event_id, kind, state, state_version,
          attempts, failures)
        select id, webhook_id, run_id, case when run_id is null then id end, gen_random_uuid(), kind, state, version, 0, 0
        from made where n % 2 = 1
        """);
    handle.execute("analyze runhook.delivery, runhook.delivery_queue");
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

  List<Map.Entry<String, DeliveryFilter>> filters() {
    DeliveryFilter ofWebhook = DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id()));
    DeliveryFilter ofAccount =
        DeliveryFilter.of(
            new DeliveryScope.OfAccount(Samples.ACME, new StackScope.All(), Optional.empty()));
    DeliveryFilter ofRun = DeliveryFilter.of(new DeliveryScope.OfRun(run));
    DeliveryFilter ofLane =
        DeliveryFilter.of(
            new DeliveryScope.OfWebhook(Samples.DEMO, webhook.id(), Optional.of(run.name())));
    Instant middle = filledAt.minusMillis(PER_WEBHOOK / 2);
    return List.of(
        Map.entry("deliveries of a webhook", ofWebhook),
        Map.entry("open deliveries", ofWebhook.withStatus(Status.PENDING)),
        Map.entry("failed deliveries", ofWebhook.withStatus(Status.FAILED)),
        Map.entry("deliveries until the middle", ofWebhook.withTo(middle)),
        Map.entry(
            "failed deliveries from the middle on",
            ofWebhook.withFrom(middle).withStatus(Status.FAILED)),
        Map.entry("deliveries of a run", ofRun),
        Map.entry("failed deliveries of a run", ofRun.withStatus(Status.FAILED)),
        Map.entry("deliveries of a run to a webhook", ofLane),
        Map.entry("alerts among state changes", ofWebhook.withKind(Kind.WEBHOOK_PAUSED)),
        Map.entry("alerts of the account", ofAccount.withKind(Kind.WEBHOOK_PAUSED)),
        Map.entry("state changes", ofWebhook.withKind(Kind.RUN_STATE_CHANGED)),
        Map.entry("deliveries of the account", ofAccount),
        Map.entry("failed deliveries of the account", ofAccount.withStatus(Status.FAILED)));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void a_list_reads_few_rows_that_it_does_not_show(Map.Entry<String, DeliveryFilter> filter) {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Reads before = reads();

    unit.deliveries().list(filter.getValue(), PageRequest.first());

    Reads list = reads().since(before);
    assertThat(list.bySequence()).isZero();
    assertThat(list.byIndex()).isLessThan(MAX_READ);
  }

  List<Map.Entry<String, DeliveryFilter>> searches() {
    DeliveryFilter ofWebhook = DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id()));
    DeliveryFilter ofAccount =
        DeliveryFilter.of(
            new DeliveryScope.OfAccount(Samples.ACME, new StackScope.All(), Optional.empty()));
    return List.of(
        Map.entry("a status code that no delivery has", ofWebhook.withStatusCode(204)),
        Map.entry("an outcome that no delivery has", ofWebhook.withOutcome(Outcome.Code.TIMEOUT)),
        Map.entry("a status code that none of the account has", ofAccount.withStatusCode(500)),
        Map.entry("a rare state", ofWebhook.withState(RunState.SKIPPED)),
        Map.entry(
            "a rare state among open deliveries",
            ofWebhook.withStatus(Status.PENDING).withState(RunState.SKIPPED)),
        Map.entry("redelivered ones of which there are none", ofWebhook.withRedelivered(true)),
        Map.entry(
            "a state that no delivery of the account has", ofAccount.withState(RunState.READY)));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void a_search_reads_a_bounded_number_of_rows(Map.Entry<String, DeliveryFilter> filter) {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Reads before = reads();

    Page<Delivery> page = unit.deliveries().list(filter.getValue(), PageRequest.first());

    Reads list = reads().since(before);
    assertThat(page.items()).isEmpty();
    assertThat(page.next()).isPresent();
    assertThat(list.bySequence()).isZero();
    assertThat(list.byIndex()).isLessThanOrEqualTo(MAX_READ_BY_SEARCH);
  }

  @Test
  void the_activity_of_a_webhook_reads_few_rows() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Reads before = reads();

    var found = unit.statsQueries().activity(List.of(webhook.id()));

    Reads activity = reads().since(before);
    assertThat(requireNonNull(found.get(webhook.id())).pendingDeliveries())
        .isEqualTo(WebhookActivity.MAX_COUNTED);
    assertThat(activity.bySequence()).isZero();
    assertThat(requireNonNull(found.get(webhook.id())).failedDeliveries()).isEqualTo(5);
    // The deliveries of half a minute can lie in two half-hours, and each has a scan of its own.
    assertThat(activity.byIndex())
        .isLessThan(
            WebhookActivity.MAX_COUNTED + 3 * FirstAttempts.MAX + 100 + 5L * Trend.MAX_COUNTED);
  }

  /// Streams of failed deliveries stay open, and each polls its list every second.
  @Test
  void a_stream_of_failed_deliveries_reads_only_failures() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    DeliveryFilter failed =
        DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id())).withStatus(Status.FAILED);
    PageRequest newest = new PageRequest(100, Optional.empty());
    Reads before = reads();

    Page<Delivery> page = unit.deliveries().list(failed, newest);

    Reads stream = reads().since(before);
    assertThat(page.items()).hasSize(5);
    assertThat(stream.bySequence()).isZero();
    assertThat(stream.byIndex()).isLessThanOrEqualTo(3 * 5);
  }

  @Test
  void the_statistics_of_a_busy_webhook_are_capped() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Jdbi.create(connection)
        .open()
        .execute(
            """
            insert into runhook.delivery (id, webhook_id, event_id, kind, status, attempts)
            select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '70018000'
              || lpad(to_hex(n), 12, '0'))::uuid, ?, gen_random_uuid(), 'PING', 'DELIVERED', 1
            from generate_series(1, 50001) n
            """,
            webhook.id().value());

    DeliveryStats capped = unit.statsQueries().deliveryStats(webhook.id(), Window.HOUR, 50_000);
    DeliveryStats higher = unit.statsQueries().deliveryStats(webhook.id(), Window.HOUR, 100_000);

    assertThat(capped.truncated()).isTrue();
    assertThat(finished(capped.intervals().getLast())).isEqualTo(50_000);
    assertThat(higher.truncated()).isFalse();
    assertThat(finished(higher.intervals().getLast())).isGreaterThan(50_000);
  }

  private static int finished(StatsInterval interval) {
    return interval.delivered() + interval.failed();
  }

  @Test
  void the_list_of_stacks_reads_few_deliveries() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    Reads before = reads();

    Page<StackSummary> stacks =
        unit.statsQueries()
            .stacks(Samples.ACME, new StackScope.All(), StackFilter.all(), PageRequest.first());

    Reads list = reads().since(before);
    assertThat(stacks.items()).extracting(StackSummary::failedDeliveries).containsExactly(2 * 5);
    assertThat(list.bySequence()).isZero();
    assertThat(list.byIndex()).isLessThan(150); // the lane of each failed delivery is read
  }

  @Test
  void a_rare_failure_is_found_among_many_successes() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    DeliveryFilter failed =
        DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id())).withStatus(Status.FAILED);
    Delivery oldest = unit.deliveries().list(failed, PageRequest.first()).items().getLast();
    Jdbi.create(connection)
        .open()
        .execute(
            """
            insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, detail)
            values (?, 1, now(), 1, 'DNS_FAILURE', 'unknown host')
            """,
            oldest.id().value());

    Page<Delivery> page =
        unit.deliveries().list(failed.withOutcome(Outcome.Code.DNS_FAILURE), PageRequest.first());

    assertThat(page.items()).extracting(Delivery::id).containsExactly(oldest.id());
    assertThat(page.next()).isEmpty();
  }

  @Test
  void the_last_page_costs_no_more_than_the_first() {
    JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
    DeliveryFilter all = DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id()));
    Page<Delivery> last =
        unit.deliveries().list(all.withStatus(Status.FAILED), PageRequest.first());
    String beforeLast = last.items().getFirst().id().toString();
    Reads before = reads();

    Page<Delivery> page = unit.deliveries().list(all, PageRequest.first().withAfter(beforeLast));

    assertThat(page.items()).isNotEmpty();
    assertThat(page.next()).isEmpty();
    assertThat(reads().since(before).byIndex()).isLessThan(MAX_READ);
  }

  private record Reads(long bySequence, long byIndex) {
    Reads since(Reads before) {
      return new Reads(bySequence - before.bySequence, byIndex - before.byIndex);
    }
  }

  /// The rows of deliveries that this transaction has read so far, in all partitions.
  private Reads reads() {
    return Jdbi.create(connection)
        .open()
        .createQuery(
            """
            select coalesce(sum(seq_tup_read), 0) as seq, coalesce(sum(idx_tup_fetch), 0) as idx
            from pg_stat_xact_all_tables
            where schemaname = 'runhook' and relname like 'delivery%'
            """)
        .map((row, ignored) -> new Reads(row.getLong("seq"), row.getLong("idx")))
        .one();
  }
}
