package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.spi.Buckets;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.testkit.postgres.TemplateDatabase;
import dev.runhook.testkit.postgres.TestDatabase;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
@Timeout(60)
class BucketMoveTest {
  private static final BucketSchema BUCKET = BucketSchema.all(new Buckets(2)).getLast();
  private static final TemplateDatabase TEMPLATE =
      TemplateDatabase.migrated(empty -> new Schema(empty, BUCKET).migrate());

  private final LocalDate pastDay = LocalDate.now(ZoneOffset.UTC).minusDays(20);
  private final TestDatabase from = TEMPLATE.copy();
  private final TestDatabase to = TestDatabase.empty();

  @AfterEach
  void close() {
    from.close();
    to.close();
  }

  @Test
  void all_rows_of_all_tables_and_all_partitions_move() {
    fill();
    Map<String, String> rows = rows(from, "runhook_01");
    assertThat(rows).hasSizeGreaterThan(17).doesNotContainValue("0");
    List<String> structure = structure(from, "runhook_01");
    Map<String, Long> progress = new TreeMap<>();

    new BucketMove(from.pool(), to.pool(), BUCKET).run(progress::put);

    assertThat(schemas(to)).containsExactly("runhook_01");
    assertThat(rows(to, "runhook_01")).isEqualTo(rows);
    assertThat(structure(to, "runhook_01")).isEqualTo(structure);
    assertThat(progress).containsOnlyKeys(rows.keySet()).containsEntry("delivery_queue", 2L);
    assertThat(schemas(from)).containsExactly("runhook_01_moved");
    assertThat(rows(from, "runhook_01_moved")).isEqualTo(rows);
    assertThat(new Schema(to.pool(), BUCKET).isCurrent()).isTrue();
    assertThatCode(() -> new Schema(to.pool(), BUCKET).migrate()).doesNotThrowAnyException();
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(from.pool(), BUCKET).migrate())
        .withMessageContaining("bucket 1 was moved from its database");
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(from.pool(), BUCKET).requireNoBucket())
        .withMessageContaining("has the schema runhook_01_moved");
  }

  @Test
  void a_bucket_can_move_back() {
    fill();
    Map<String, String> rows = rows(from, "runhook_01");

    move(from, to);
    from.execute("drop schema runhook_01_moved cascade");
    move(to, from);

    assertThat(rows(from, "runhook_01")).isEqualTo(rows);
  }

  @Test
  void the_only_bucket_can_move() {
    from.execute("drop schema runhook_01 cascade");
    new Schema(from.pool()).migrate();

    new BucketMove(from.pool(), to.pool(), BucketSchema.ONLY).run((table, rows) -> {});

    assertThat(schemas(from)).containsExactly("runhook_moved");
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(from.pool()).migrate())
        .withMessageStartingWith(
            "bucket 0 was moved from its database, which has the schema runhook_moved; ");
    assertThat(schemas(to)).containsExactly("runhook");
  }

  @Test
  void sequences_continue() {
    from.execute("create sequence runhook_01.used; create sequence runhook_01.unused");
    from.execute("select setval('runhook_01.used', 41)");

    new BucketMove(from.pool(), to.pool(), BUCKET)
        .run((table, rows) -> {
          to.execute("create sequence if not exists runhook_01_copy.used");
          to.execute("create sequence if not exists runhook_01_copy.unused");
        });

    assertThat(count(to, "select nextval('runhook_01.used')")).isEqualTo(42);
    assertThat(count(to, "select nextval('runhook_01.unused')")).isEqualTo(1);
  }

  @Test
  void after_a_failure_the_source_has_the_bucket_and_the_move_can_be_repeated() {
    fill();
    Map<String, String> rows = rows(from, "runhook_01");
    from.execute("alter table runhook_01.webhook drop constraint webhook_health_check");
    from.execute("update runhook_01.webhook set health = 'UNKNOWN', health_since = now()");

    assertRefused(
        "cannot copy the table webhook: ERROR: new row for relation \"webhook\" violates check");

    assertThat(schemas(from)).containsExactly("runhook_01");
    assertThat(schemas(to)).containsExactly("runhook_01_copy");
    from.execute("update runhook_01.webhook set health = 'ACTIVE', health_since = null");
    move(from, to);
    assertThat(rows(to, "runhook_01")).isEqualTo(rows);
  }

  @Test
  void a_move_that_ended_before_its_last_step_is_completed() {
    move(from, to);
    to.execute("alter schema runhook_01 rename to runhook_01_copy");

    move(from, to);

    assertThat(schemas(to)).containsExactly("runhook_01");
  }

  @Test
  void an_old_copy_never_becomes_the_bucket() {
    move(from, to);
    to.execute("alter schema runhook_01 rename to runhook_01_copy");
    to.execute("comment on schema runhook_01_copy is 'moved by Runhook, at another time'");

    assertRefused("bucket 1 (schema runhook_01): it is not in its database");

    assertThat(schemas(to)).containsExactly("runhook_01_copy");
  }

  @Test
  void nobody_can_change_the_bucket_while_it_moves() {
    fill();

    new BucketMove(from.pool(), to.pool(), BUCKET)
        .run((table, rows) ->
            assertThatThrownBy(() ->
                    from.execute("set lock_timeout = '50ms'; delete from runhook_01." + table))
                .hasStackTraceContaining("lock timeout"));

    assertThat(count(to, "select count(*) from runhook_01.run")).isEqualTo(1);
  }

  @Test
  void the_move_waits_for_a_transaction_and_includes_what_it_commits() {
    fill();
    CompletableFuture<Void> move =
        jdbi(from)
            .inTransaction(handle -> {
              handle.execute("update runhook_01.stack set name = 'committed'");
              CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> move(from, to));
              while (count(
                      from,
                      "select count(*) from pg_locks where mode = 'ShareLock' and not granted")
                  == 0) {
                Thread.onSpinWait();
              }
              return waiting;
            });

    move.join();

    assertThat(count(to, "select count(*) from runhook_01.stack where name = 'committed'"))
        .isEqualTo(1);
  }

  @Test
  void a_process_that_is_connected_to_either_database_is_refused() {
    for (TestDatabase used : List.of(from, to)) {
      jdbi(used)
          .useHandle(handle -> {
            handle.execute("set application_name = 'runhook requests'");
            assertRefused("Runhook is connected to it; stop all processes");
            handle.execute("reset application_name");
          });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "create schema runhook_01 | it has a schema runhook_01; drop or rename it",
        "create schema runhook_01_moved | it has the schema runhook_01_moved of an earlier move; drop it",
        "create schema runhook; create table runhook.delivery_queue () | the database has the schema runhook, but"
      })
  void a_target_with_a_schema_of_a_bucket_is_refused(String statement, String problem) {
    to.execute(statement);

    assertRefused(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "create table runhook_01.mine (id integer) | other tables or columns than Runhook creates",
        "alter table runhook_01.run add mine text | other tables or columns than Runhook creates",
        "create schema runhook_01_moved | it has the schema runhook_01_moved of an earlier move; drop it",
        "delete from runhook_01.schema_version where version = 5 | its schema has version 4 and not the",
        "update runhook_01.installation set buckets = 3 | its schema has bucket 1 of 3 buckets",
        "alter schema runhook_01 rename to mine | bucket 1 (schema runhook_01): it is not in its database"
      })
  void a_source_without_a_complete_bucket_is_refused(String statement, String problem) {
    from.execute(statement);

    assertRefused(problem);

    assertThat(schemas(to)).isSubsetOf("runhook_01_copy");
  }

  @Test
  void the_same_database_is_refused() {
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> move(from, from))
        .withMessageContaining("it is the database that has the bucket");

    assertThat(schemas(from)).containsExactly("runhook_01");
  }

  @Test
  void the_state_of_a_bucket_is_read_without_changing_it() {
    fill();
    BucketState found = BucketState.read(from.pool(), BUCKET);
    BucketState missing = BucketState.read(to.pool(), BUCKET);

    assertThat(found.identity()).isEqualTo(new Schema(from.pool(), BUCKET).findIdentity());
    assertThat(found.version()).hasValue(5);
    assertThat(found.current()).isTrue();
    assertThat(found.stacks()).isEqualTo(1);
    assertThat(found.openDeliveries()).isEqualTo(2);
    assertThat(found.schemas()).containsExactly("runhook_01");
    assertThat(missing.identity()).isEmpty();
    assertThat(missing.version()).isEmpty();
    assertThat(missing.current()).isFalse();
    assertThat(missing.database()).isNotEqualTo(found.database());
    assertThat(schemas(to)).isEmpty();
  }

  @Test
  void a_bucket_that_a_process_would_not_find_has_a_problem() {
    UUID installation = new Schema(from.pool(), BUCKET).findIdentity().orElseThrow().id();
    BucketState found = BucketState.read(from.pool(), BUCKET);

    assertThat(found.findProblem(BUCKET, Optional.of(installation))).isEmpty();
    assertThat(found.findProblem(BUCKET, Optional.of(new UUID(0, 1))))
        .hasValue(
            "it is of the installation %s, but bucket 0 is of 00000000-0000-0000-0000-000000000001"
                .formatted(installation));
    from.execute("drop table runhook_01.installation");
    assertThat(BucketState.read(from.pool(), BUCKET).findProblem(BUCKET, Optional.empty()))
        .hasValue("its schema is not complete; start a server to complete it");
  }

  private static void move(TestDatabase from, TestDatabase to) {
    new BucketMove(from.pool(), to.pool(), BUCKET).run((table, rows) -> {});
  }

  private void assertRefused(String problem) {
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> move(from, to))
        .withMessageContaining(problem);
  }

  /// Adds rows to each table, some in the partition of a day long ago and some in no daily one.
  private void fill() {
    new JdbiHistoryPartitions(
            from.pool(), BUCKET, ignored -> pastDay.atStartOfDay().toInstant(ZoneOffset.UTC))
        .createAhead(Duration.ofDays(1));
    new JdbiTransactor(from.pool(), SecretCipher.none(), BUCKET)
        .inTransaction(unit -> {
          StoreFixture.addStack(unit);
          var webhook = StoreFixture.addWebhook(unit, 1);
          var run = StoreFixture.addRun(unit, "first");
          StoreFixture.recordTransition(unit, webhook, run);
          return StoreFixture.recordTransition(unit, webhook, run);
        });
    UUID past = DailyPartition.lowerBound(pastDay);
    UUID withoutPartition = DailyPartition.lowerBound(pastDay.minusDays(9));
    for (UUID id : List.of(past, withoutPartition)) {
      from.execute(
          """
          insert into runhook_01.event (id, stack_id, kind, occurred_at, payload)
            select '%1$s', id, 'PING', now(), '\\x00ff' from runhook_01.stack;
          insert into runhook_01.skipped_delivery values ('%1$s', '%1$s', 'PAUSED', '{a,"b,c"}');
          insert into runhook_01.delivery (id, webhook_id, event_id, kind, status, attempts)
            select '%1$s', id, '%1$s', 'PING', 'FAILED', 3 from runhook_01.webhook;
          insert into runhook_01.attempt (delivery_id, number, started_at, duration_ns, outcome)
            values ('%1$s', 1, now(), 5, 'TIMEOUT');
          insert into runhook_01.audit_event (id, account, occurred_at, actor, action, details)
            values ('%1$s', 'acme', now(), 'me', 'test', '{"é": "\\u2028"}');
          """
              .formatted(id));
    }
    from.execute(
        """
        insert into runhook_01.webhook_revision
          select id, 1, endpoint, header_names, header_values, header_key_id from runhook_01.webhook
          on conflict do nothing;
        insert into runhook_01.webhook_interruption
          select id, 'PAUSED', now(), now() from runhook_01.webhook;
        insert into runhook_01.account_webhook (id, endpoint, endpoint_normalized, settings, header_names,
            header_values, secret, health, consecutive_failures, created_at, updated_at, account, selector_ids,
            version, enabled_version, copied_version)
          values ('%1$s', 'e', 'e', '{}', '{}', '{}', 's', 'ACTIVE', 0, now(), now(), 'acme', '{}', 1, 1, 1);
        insert into runhook_01.replay (id, webhook_id, range_from, status, matched, created_at)
          select '%1$s', id, now(), 'FAILED', 1, now() from runhook_01.webhook;
        insert into runhook_01.replay_delivery values ('%1$s', '%1$s');
        insert into runhook_01.token (id, account, hash, name, role, created_at, created_by)
          values ('%1$s', 'acme', sha256('1'), 'ci', 'WRITER', now(), 'me');
        insert into runhook_01.session
          values (sha256('2'), sha256('1'), 'acme', '%1$s', 'ci', 'curl/8.5.0', now(), now());
        insert into runhook_01.idempotency_key
          values (sha256('3'), '%1$s', sha256('4'), '%1$s', now(), now(), true, 'response');
        """
            .formatted(past));
  }

  /// The hash of the rows of each table, 0 if it has none.
  private static Map<String, String> rows(TestDatabase database, String schema) {
    Map<String, String> rows = new TreeMap<>();
    names(
            database,
            """
            select relname from pg_class
            where relnamespace = '%s'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1
            """
                .formatted(schema))
        .forEach(table ->
            rows.put(
                table,
                names(
                        database,
                        "select coalesce(md5(string_agg(t::text, ';' order by t::text)), '0') from %s.%s t"
                            .formatted(schema, table))
                    .getFirst()));
    return rows;
  }

  /// Relations, columns and constraints, without the name of the schema.
  private static List<String> structure(TestDatabase database, String schema) {
    return names(
        database,
        """
        select replace(definition, '%1$s', 'runhook') from (
          select concat_ws(' ', c.relkind, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated,
              a.attstattarget, pg_get_expr(c.relpartbound, c.oid)) as definition
            from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace = '%1$s'::regnamespace and a.attnum > 0 and not a.attisdropped
          union all
          select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
            from pg_constraint where connamespace = '%1$s'::regnamespace) all_definitions
        order by 1
        """
            .formatted(schema));
  }

  private static List<String> schemas(TestDatabase database) {
    return names(
        database, "select nspname from pg_namespace where nspname like 'runhook%' order by 1");
  }

  private static List<String> names(TestDatabase database, String sql) {
    return jdbi(database).withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static long count(TestDatabase database, String sql) {
    return jdbi(database).withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private static Jdbi jdbi(TestDatabase database) {
    return JdbiFactory.create(database.pool(), BucketSchema.ONLY);
  }
}
