package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.retention.Retention;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Applies retention for weeks with a manual clock, every day in two processes at the same time.
@Tag("slow")
class LongTermRetentionTest {
  private static final Instant BEGIN = Instant.parse("2026-01-15T07:30:00Z");
  private static final Duration RETENTION = Duration.ofDays(10);
  private static final Duration DAY = Duration.ofDays(1);
  private static final int DAYS = 31;
  private static final int RUNS_A_DAY = 3;

  /// Includes the current day and the day in which the retention period starts.
  private static final int RETAINED_DAYS = 11;

  private static final int DAYS_AHEAD = 7;

  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private final SettableClock clock = new SettableClock(BEGIN);
  private final UUID stack = StoreFixture.newId();

  @BeforeEach
  void beginWithoutPartitions() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("drop schema if exists runhook cascade"));
    new Schema(POSTGRES.pool()).migrate();
    POSTGRES
        .jdbi()
        .useHandle(handle -> {
          DailyPartition.findAll(handle).forEach(partition -> partition.drop(handle));
          handle.execute(
              """
              insert into runhook.stack (id, account, slug, name, description, labels)
              values (?, 'acme', 'demo', '', '', '{}')
              """,
              stack);
        });
  }

  @Test
  void a_month_of_daily_retention_keeps_only_recent_history()
      throws InterruptedException, ExecutionException {
    UUID longLived = id();
    addRun(longLived, "long-lived");
    for (int day = 1; day <= DAYS; day++) {
      applyRetentionOnTwoNodes();
      for (int run = 0; run < RUNS_A_DAY; run++) {
        addFinishedRun(day, run);
      }
      addTransition(longLived);
      assertThat(countRowsInDefaultPartitions())
          .as("rows in default partitions on day " + day)
          .isZero();
      assertThat(count("event")).isEqualTo((long) Math.min(day, RETAINED_DAYS) * (RUNS_A_DAY + 1));
      clock.advance(DAY);
    }
    applyRetentionOnTwoNodes();

    long retainedRuns = (long) (RETAINED_DAYS - 1) * RUNS_A_DAY;
    assertThat(count("delivery")).isEqualTo(retainedRuns);
    assertThat(count("attempt")).isEqualTo(retainedRuns);
    assertThat(count("skipped_delivery")).isEqualTo(retainedRuns);
    assertThat(count("run")).isEqualTo(retainedRuns + 1);
    assertThat(count("run where name = 'long-lived'")).isEqualTo(1);
    assertThat(days()).hasSize(RETAINED_DAYS + DAYS_AHEAD);
    assertThat(days().getLast()).isEqualTo(today().plusDays(DAYS_AHEAD));
  }

  @Test
  void a_run_is_deleted_with_its_last_history() {
    UUID changed = id();
    addRun(changed, "changed-recently");
    UUID delivered = id();
    addRun(delivered, "redelivered-recently");
    addRun(id(), "finished");
    clock.advance(RETENTION.plus(DAY));
    addTransition(changed);
    addDelivery(delivered);

    retention().apply();
    List<String> first = runs();
    clock.advance(RETENTION.plus(DAY));
    retention().apply();

    assertThat(first).containsExactly("changed-recently", "redelivered-recently");
    assertThat(runs()).isEmpty();
  }

  private void applyRetentionOnTwoNodes() throws InterruptedException, ExecutionException {
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> both = new ArrayList<>();
      for (int node = 0; node < 2; node++) {
        both.add(nodes.submit(() -> retention().apply()));
      }
      for (Future<Integer> node : both) {
        node.get();
      }
    }
  }

  /// Adds a run that finished on the given day, with one row in each table.
  private void addFinishedRun(int day, int number) {
    UUID run = id();
    addRun(run, "run-" + day + "-" + number);
    UUID event = addEvent();
    execute(
        """
        insert into runhook.skipped_delivery (event_id, webhook_id, reason, reason_values)
        values (?, gen_random_uuid(), 'SKIPPED_STATE', '{FAILED,QUEUED}')
        """,
        event);
    addDelivery(run);
  }

  private void addDelivery(UUID run) {
    UUID delivery = id();
    execute(
        """
        insert into runhook.delivery select (jsonb_populate_record(null::runhook.delivery, jsonb_build_object(
          'id', ?, 'webhook_id', gen_random_uuid(), 'run_id', ?, 'event_id', gen_random_uuid(), 'kind',
            'RUN_STATE_CHANGED', 'state', 'QUEUED',
          'state_version', 1, 'status', 'DELIVERED', 'attempts', 1, 'created_at', now(), 'finished_at', now()))).*
        """,
        delivery,
        run);
    execute(
        """
        insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, status_code)
        values (?, 1, now(), 1, 'DELIVERED', 204)
        """,
        delivery);
  }

  private UUID addEvent() {
    UUID event = id();
    execute(
        "insert into runhook.event (id, stack_id, kind, occurred_at, payload) values (?, ?, 'PING',"
            + " now(), '')",
        event,
        stack);
    return event;
  }

  private void addRun(UUID run, String name) {
    execute(
        """
        insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message, commit_author_name,
          created_at, state, state_version, last_transition_at)
        values (?, ?, ?, 'TRACKED', 'main', '', '', '', now(), 'QUEUED', 1, ?)
        """,
        run,
        stack,
        name,
        clock.instant().atOffset(ZoneOffset.UTC));
  }

  private void addTransition(UUID run) {
    addEvent();
    execute(
        "update runhook.run set last_transition_at = ? where id = ?",
        clock.instant().atOffset(ZoneOffset.UTC),
        run);
  }

  private Retention retention() {
    return new Retention(
        new JdbiHistoryPartitions(POSTGRES.pool(), BucketSchema.ONLY, ignored -> clock.instant()),
        RETENTION);
  }

  /// An id that contains the time of the clock.
  private UUID id() {
    UUID real = StoreFixture.newId();
    return new UUID(
        (clock.instant().toEpochMilli() << 16) | (real.getMostSignificantBits() & 0xffff),
        real.getLeastSignificantBits());
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static long countRowsInDefaultPartitions() {
    return List.of("event", "skipped_delivery", "delivery", "attempt").stream()
        .mapToLong(table -> count(table + "_default"))
        .sum();
  }

  private static long count(String table) {
    return POSTGRES.count("select count(*) from runhook." + table);
  }

  private static List<LocalDate> days() {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            DailyPartition.findAll(handle).stream()
                .filter(partition -> partition.table().equals("attempt"))
                .map(DailyPartition::day)
                .sorted()
                .toList());
  }

  private static List<String> runs() {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("select name from runhook.run order by name")
                .mapTo(String.class)
                .list());
  }

  private static void execute(String sql, Object... arguments) {
    POSTGRES.jdbi().useHandle(handle -> handle.execute(sql, arguments));
  }
}
