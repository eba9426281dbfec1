package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.persistence.Postgres;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SchemaTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  @BeforeEach
  void beginEmpty() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("drop schema if exists runhook cascade"));
  }

  @Test
  void migrating_again_changes_nothing() {
    new Schema(POSTGRES.pool()).migrate();
    long tables = tables();

    new Schema(POSTGRES.pool()).migrate();

    assertThat(tables()).isEqualTo(tables).isGreaterThan(40);
  }

  @Test
  void several_nodes_can_migrate_at_the_same_time()
      throws InterruptedException, ExecutionException {
    Callable<Boolean> node =
        () -> {
          new Schema(POSTGRES.pool()).migrate();
          return true;
        };
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> started =
          executor.invokeAll(IntStream.range(0, 4).mapToObj(ignored -> node).toList());

      for (Future<Boolean> one : started) {
        assertThat(one.get()).isTrue();
      }
    }
    assertThat(
            POSTGRES.count(
                "select count(*) - count(distinct version) from runhook.flyway_schema_history where"
                    + " success"))
        .isZero();
  }

  @Test
  void only_one_node_at_a_time_runs_an_action_alone()
      throws InterruptedException, ExecutionException {
    AtomicInteger running = new AtomicInteger();
    Callable<Integer> node =
        () -> {
          AtomicInteger seen = new AtomicInteger();
          new Schema(POSTGRES.pool())
              .runAlone(
                  "testing",
                  () -> {
                    seen.set(running.incrementAndGet());
                    POSTGRES.count("select count(*) from pg_tables");
                    running.decrementAndGet();
                  });
          return seen.get();
        };
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> each :
          executor.invokeAll(IntStream.range(0, 6).mapToObj(ignored -> node).toList())) {
        assertThat(each.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void a_failed_action_lets_the_next_node_run_its_own() {
    Schema schema = new Schema(POSTGRES.pool());

    assertThatIllegalStateException()
        .isThrownBy(() ->
            schema.runAlone(
                "testing",
                () -> {
                  throw new IllegalStateException("failed");
                }))
        .withMessage("failed");

    assertThat(
            POSTGRES.count(
                "select count(*) from pg_locks where locktype = 'advisory' and database ="
                    + " (select oid from pg_database where datname = current_database())"))
        .isZero();
  }

  @Test
  void a_schema_of_a_newer_version_is_rejected() {
    new Schema(POSTGRES.pool()).migrate();
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                """
                insert into runhook.flyway_schema_history (installed_rank, version, description, type, script,
                  installed_by, execution_time, success)
                values (99, '99', 'from the future', 'SQL', 'V99__from_the_future.sql', 'test', 0, true)
                """));

    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(POSTGRES.pool()).migrate())
        .withMessageContaining("version 99")
        .withMessageContaining("newer than this Runhook");
  }

  @Test
  void a_migration_that_differs_is_refused_in_one_line() {
    new Schema(POSTGRES.pool()).migrate();
    execute("update runhook.flyway_schema_history set checksum = checksum + 1 where version = '3'");

    assertRefused(
        "migration 3 of the schema runhook differs from that of this Runhook; restore a backup, or start the"
            + " Runhook that migrated it");
  }

  @Test
  void a_migration_that_failed_before_is_refused_in_one_line() {
    new Schema(POSTGRES.pool()).migrate();
    execute("update runhook.flyway_schema_history set success = false where version = '3'");

    assertRefused(
        "migration 3 of the schema runhook failed before; restore a backup, or start the Runhook that migrated"
            + " it");
  }

  @Test
  void a_migration_that_fails_is_refused_with_the_message_of_the_database() {
    new Schema(POSTGRES.pool()).migrate();
    execute("delete from runhook.flyway_schema_history where version = '5'");

    assertRefused(
        "migration 5 of the schema runhook failed and was undone (ERROR: relation \"installation\" already"
            + " exists); remove the cause and start again");
  }

  @Test
  void a_user_who_may_not_create_the_schema_is_refused_with_the_statement_that_allows_it() {
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> migrateAs("runhook_test"))
        .withMessage(
            "the database user runhook_test may not create the schema runhook; let an administrator run:"
                + " create schema runhook authorization runhook_test");

    execute("create schema runhook authorization runhook_test");
    assertThatCode(() -> migrateAs("runhook_test")).doesNotThrowAnyException();
  }

  @Test
  void a_user_who_may_not_create_tables_is_refused_with_the_statement_that_allows_it() {
    execute("create schema runhook");

    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> migrateAs("runhook_test"))
        .withMessage(
            "the database user runhook_test must own the schema runhook and its tables (ERROR: permission denied"
                + " for schema runhook); let an administrator run: alter schema runhook owner to runhook_test");

    execute("alter schema runhook owner to runhook_test");
    assertThatCode(() -> migrateAs("runhook_test")).doesNotThrowAnyException();
  }

  private static void assertRefused(String message) {
    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(POSTGRES.pool()).migrate())
        .withMessage(message);
  }

  /// Migrates as a role that has no rights of its own.
  private static void migrateAs(String role) {
    execute(
        "do $$ begin create role %s; exception when duplicate_object then null; end $$"
            .formatted(role));
    HikariConfig config = new HikariConfig();
    config.setDataSource(POSTGRES.pool().getDataSource());
    config.setConnectionInitSql("set role " + role);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      new Schema(pool).migrate();
    }
  }

  private static void execute(String sql) {
    POSTGRES.jdbi().useHandle(handle -> handle.execute(sql));
  }

  @Test
  void tables_of_the_host_with_the_same_names_do_not_matter() {
    Jdbi host = POSTGRES.jdbi();
    host.useHandle(handle ->
        handle.execute(
            "create table if not exists public.run (mine text); create table if not exists"
                + " public.queue (mine text)"));

    assertThatCode(() -> new Schema(POSTGRES.pool()).migrate()).doesNotThrowAnyException();

    host.useHandle(handle -> handle.execute("drop table public.run, public.queue"));
  }

  @Test
  void an_existing_empty_schema_is_used() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("create schema runhook"));

    new Schema(POSTGRES.pool()).migrate();

    assertThat(tables()).isGreaterThan(40);
  }

  private static long tables() {
    return POSTGRES.count("select count(*) from pg_tables where schemaname = 'runhook'");
  }
}
