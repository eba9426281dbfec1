package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class JdbiHistoryPartitionsTest {
  private static final LocalDate FAR_DAY = LocalDate.of(2040, 1, 1);
  private static final ClaimRequest ALL = ClaimRequest.of(StoreFixture.HOUR, 1000);

  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  @BeforeEach
  void beginEmpty() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("drop schema if exists runhook cascade"));
    new Schema(POSTGRES.pool()).migrate();
  }

  @Test
  void a_new_schema_has_partitions_from_yesterday_to_a_week_ahead() {
    LocalDate today = LocalDate.ofInstant(now(), ZoneOffset.UTC);

    assertThat(partitionsOf("event"))
        .startsWith(new DailyPartition("event", today.minusDays(1)).name())
        .contains(new DailyPartition("event", today.plusDays(7)).name())
        .hasSize(9);
    assertThat(partitionsOf("attempt")).hasSize(9);
  }

  @Test
  void rows_of_today_are_in_the_partition_of_today() {
    record();

    assertThat(POSTGRES.count("select count(*) from only runhook.event_default")).isZero();
    assertThat(POSTGRES.count("select count(*) from runhook.event")).isEqualTo(1);
  }

  @Test
  void repeated_and_concurrent_creation_creates_each_partition_once()
      throws InterruptedException, ExecutionException {
    Duration ahead = Duration.ofDays(12);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> nodes =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  ignored -> executor.submit(() -> historyPartitions().createAhead(ahead)))
              .toList();
      for (Future<?> node : nodes) {
        node.get();
      }
    }
    historyPartitions().createAhead(ahead);

    assertThat(partitionsOf("delivery")).hasSize(14);
  }

  @Test
  void a_row_of_a_day_without_a_partition_goes_to_the_default_partition_and_its_day_is_skipped() {
    LocalDate ahead = LocalDate.ofInstant(now(), ZoneOffset.UTC).plusDays(9);
    insertEvent(ahead);
    historyPartitions().createAhead(Duration.ofDays(10));

    assertThat(partitionsOf("event"))
        .doesNotContain(new DailyPartition("event", ahead).name())
        .contains(new DailyPartition("event", ahead.plusDays(1)).name());
    assertThat(partitionsOf("skipped_delivery"))
        .contains(new DailyPartition("skipped_delivery", ahead).name());
    assertThat(POSTGRES.count("select count(*) from runhook.event_default")).isEqualTo(1);
  }

  @Test
  void an_interruption_is_deleted_with_the_history_of_its_day() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          unit.webhooks().saveHealth(List.of(webhook.disabled(Samples.NOON, "Ada")));
          unit.webhooks().saveHealth(List.of(webhook));
        });
    LocalDate ended = LocalDate.ofInstant(now(), ZoneOffset.UTC);

    historyPartitions().dropBefore(ended.atStartOfDay(ZoneOffset.UTC).toInstant());
    long before = POSTGRES.count("select count(*) from runhook.webhook_interruption");
    historyPartitions().dropBefore(ended.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());

    assertThat(before).isEqualTo(1);
    assertThat(POSTGRES.count("select count(*) from runhook.webhook_interruption")).isZero();
  }

  @Test
  void a_revision_is_deleted_when_no_stored_attempt_can_refer_to_it() {
    LocalDate edited = LocalDate.ofInstant(now(), ZoneOffset.UTC);
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          Endpoint elsewhere = Endpoint.ofStored("https://hooks.example.com/elsewhere");
          unit.webhooks().save(webhook.edited(WebhookSettings.of(elsewhere), Samples.NOON));
        });

    historyPartitions().dropBefore(edited.plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant());
    long revisionsBefore = POSTGRES.count("select count(*) from runhook.webhook_revision");
    historyPartitions().dropBefore(edited.plusDays(3).atStartOfDay(ZoneOffset.UTC).toInstant());

    assertThat(revisionsBefore).isEqualTo(2);
    assertThat(POSTGRES.count("select revision from runhook.webhook_revision")).isEqualTo(2);
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.webhook"));
    assertThat(POSTGRES.count("select count(*) from runhook.webhook_revision")).isZero();
  }

  @Test
  void a_deleted_webhook_is_removed_after_its_last_delivery() {
    LocalDate deleted = LocalDate.ofInstant(now(), ZoneOffset.UTC);
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          unit.webhooks().delete(webhook.stack(), webhook.id());
        });

    historyPartitions().dropBefore(deleted.atStartOfDay(ZoneOffset.UTC).toInstant());
    long before = POSTGRES.count("select count(*) from runhook.webhook");
    historyPartitions().dropBefore(deleted.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());

    assertThat(before).isEqualTo(1);
    assertThat(POSTGRES.count("select count(*) from runhook.webhook")).isZero();
    assertThat(POSTGRES.count("select count(*) from runhook.webhook_revision")).isZero();
  }

  @Test
  void dropping_partitions_keeps_the_day_of_the_limit() {
    DeliveryId finished = record();
    finishAll();
    LocalDate today = LocalDate.ofInstant(now(), ZoneOffset.UTC);

    int beforeYesterday =
        historyPartitions().dropBefore(today.minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    int yesterday = historyPartitions().dropBefore(now());
    long remaining =
        POSTGRES.count("select count(*) from runhook.delivery where id = '" + finished + "'");
    int afterToday =
        historyPartitions().dropBefore(today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());

    assertThat(List.of(beforeYesterday, yesterday, afterToday)).containsExactly(0, 5, 5);
    assertThat(remaining).isEqualTo(1);
    assertThat(POSTGRES.count("select count(*) from runhook.delivery")).isZero();
    assertThat(POSTGRES.count("select count(*) from runhook.attempt")).isZero();
    assertThat(POSTGRES.count("select count(*) from runhook.event")).isZero();
    assertThat(POSTGRES.count("select count(*) from runhook.run")).isZero();
  }

  @Test
  void dropping_partitions_deletes_old_rows_of_default_partitions() {
    LocalDate oldDay = LocalDate.of(2020, 2, 29);
    insertEvent(oldDay);
    insertEvent(FAR_DAY);

    historyPartitions().dropBefore(oldDay.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());

    assertThat(POSTGRES.count("select count(*) from runhook.event")).isEqualTo(1);
  }

  @Test
  void statements_wait_only_briefly_while_a_long_transaction_blocks_a_partition()
      throws InterruptedException, ExecutionException {
    LocalDate today = LocalDate.ofInstant(now(), ZoneOffset.UTC);
    try (Handle backup = reading("event");
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> drop = executor.submit(() -> historyPartitions().dropBefore(startOf(today)));
      Future<?> create = executor.submit(() -> historyPartitions().createAhead(Duration.ofDays(8)));

      while (!drop.isDone() || !create.isDone()) {
        POSTGRES
            .jdbi()
            .useTransaction(traffic -> {
              traffic.execute("set local statement_timeout = '1s'");
              traffic.execute("select count(*) from runhook.event");
            });
      }

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(drop::get)
          .withCauseInstanceOf(StoreBusyException.class);
      create.get();
      backup.rollback();
    }
    historyPartitions().createAhead(Duration.ofDays(8)); // also yesterday's, if it was dropped
    historyPartitions().dropBefore(startOf(today));
    assertThat(partitionsOf("event")).hasSize(9);
    assertThat(partitionsOf("delivery")).hasSize(9);
  }

  @Test
  void a_partition_that_cannot_be_dropped_is_dropped_later_and_does_not_keep_the_rest() {
    LocalDate tomorrow = LocalDate.ofInstant(now(), ZoneOffset.UTC).plusDays(1);
    record();
    finishAll();
    POSTGRES
        .jdbi()
        .useHandle(
            handle -> handle.execute("update runhook.run set last_transition_at = '2020-02-29'"));

    try (Handle backup = reading("event")) {
      assertThatExceptionOfType(StoreBusyException.class)
          .isThrownBy(() -> historyPartitions().dropBefore(startOf(tomorrow)));
      backup.rollback();
    }

    assertThat(partitionsOf("event")).hasSize(9);
    assertThat(partitionsOf("delivery")).hasSize(7);
    assertThat(POSTGRES.count("select count(*) from runhook.run")).isZero();
    assertThat(historyPartitions().dropBefore(startOf(tomorrow))).isEqualTo(2);
    assertThat(partitionsOf("event")).hasSize(7);
  }

  /// Begins a transaction that has read the table, as a backup does.
  private static Handle reading(String table) {
    Handle handle = POSTGRES.jdbi().open();
    handle.begin();
    handle.execute("select count(*) from runhook." + table);
    return handle;
  }

  private static Instant startOf(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @Test
  void a_lane_continues_after_its_expired_head_is_deleted() {
    NewDelivery next =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              Webhook webhook = StoreFixture.addWebhook(unit, 1);
              RunId run = StoreFixture.addRun(unit, "long-lived");
              StoreFixture.recordTransition(unit, webhook, run);
              return StoreFixture.recordTransition(unit, webhook, run);
            });

    assertThat(claimAfterHeadsExpired()).containsExactly(next.id());
  }

  @Test
  void a_lane_of_operational_events_continues_after_its_expired_head_is_deleted() {
    List<DeliveryId> reports =
        POSTGRES
            .transactor()
            .inTransaction(unit -> {
              StoreFixture.addStack(unit);
              Webhook alerts = StoreFixture.addWebhook(unit, 1);
              Webhook affected = StoreFixture.addWebhook(unit, 2);
              return List.of(
                  StoreFixture.reportAbout(unit, affected, alerts),
                  StoreFixture.reportAbout(unit, affected, alerts));
            });

    assertThat(claimAfterHeadsExpired()).containsExactly(reports.getLast());
  }

  /// Deletes the heads of all lanes as expired, and claims what is due then.
  private static Set<DeliveryId> claimAfterHeadsExpired() {
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.delivery_queue set created_at = '2020-02-29' where due_at is not"
                    + " null"));
    historyPartitions().dropBefore(now().minus(Duration.ofDays(2)));
    return StoreFixture.ids(
        POSTGRES.transactor().inTransaction(unit -> unit.deliveries().claimDue(ALL)));
  }

  private static DeliveryId record() {
    return POSTGRES
        .transactor()
        .inTransaction(unit -> {
          StoreFixture.addStack(unit);
          return StoreFixture.recordTransition(
                  unit, StoreFixture.addWebhook(unit, 1), StoreFixture.addRun(unit, "one"))
              .id();
        });
  }

  private static void finishAll() {
    POSTGRES
        .transactor()
        .run(unit ->
            StoreFixture.complete(
                unit, unit.deliveries().claimDue(ALL), new Disposition.Delivered()));
  }

  private static void insertEvent(LocalDate day) {
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "insert into runhook.event (id, stack_id, kind, occurred_at, payload) values ('"
                    + DailyPartition.lowerBound(day)
                    + "', gen_random_uuid(), 'PING', now(), '')"));
  }

  private static List<String> partitionsOf(String table) {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            DailyPartition.findAll(handle).stream()
                .filter(partition -> partition.table().equals(table))
                .map(DailyPartition::name)
                .toList());
  }

  private static JdbiHistoryPartitions historyPartitions() {
    return new JdbiHistoryPartitions(POSTGRES.pool());
  }

  private static Instant now() {
    return POSTGRES.transactor().inTransaction(unit -> unit.now());
  }
}
