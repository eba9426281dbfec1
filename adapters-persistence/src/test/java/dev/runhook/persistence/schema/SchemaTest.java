package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class SchemaTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private static final String GRANTS =
      "grant usage on schema runhook to runhook_writer; grant select, insert, update, delete on all tables in"
          + " schema runhook to runhook_writer";

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
                "select count(*) from runhook.schema_version having max(version) = count(*)"))
        .isEqualTo(Migration.ALL.size());
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
                "insert into runhook.schema_version (version, file, checksum) values (99, 'V99.sql', '')"));

    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(POSTGRES.pool()).migrate())
        .withMessageContaining("version 99")
        .withMessageContaining("newer than this Runhook");
  }

  @Test
  void a_migration_that_differs_is_refused_in_one_line() {
    new Schema(POSTGRES.pool()).migrate();
    execute("update runhook.schema_version set checksum = 'another' where version = 3");

    assertRefused(
        "migration 3 of the schema runhook differs from that of this Runhook; restore a backup, or start the"
            + " Runhook that migrated it");
  }

  @Test
  void a_migration_that_is_missing_between_others_is_refused() {
    new Schema(POSTGRES.pool()).migrate();
    execute("delete from runhook.schema_version where version = 2");

    assertRefused(
        "migration 2 of the schema runhook differs from that of this Runhook; restore a backup, or start the"
            + " Runhook that migrated it");
  }

  @Test
  void a_schema_that_flyway_has_migrated_is_refused() {
    execute("create schema runhook; create table runhook.flyway_schema_history (version text)");
    execute("create table runhook.event (id uuid)");

    assertRefused(
        "the schema runhook was migrated by Flyway, as before version 0.1, and cannot be used; use another"
            + " database, or drop its data: drop schema runhook cascade");

    assertThat(tables()).isEqualTo(2);
  }

  @Test
  void a_schema_with_tables_of_another_program_is_refused() {
    execute("create schema runhook; create table runhook.mine (id uuid)");

    assertRefused(
        "the schema runhook has mine, which is not of Runhook; use another database, or rename the schema");

    assertThat(tables()).isEqualTo(1);
  }

  @Test
  void all_files_are_migrations() throws IOException, URISyntaxException {
    Path folder = Path.of(getClass().getResource("/dev/runhook/persistence/migration").toURI());

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(Migration.ALL)
          .extracting(Migration::file)
          .containsExactlyElementsOf(
              files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertThat(Migration.ALL)
        .extracting(Migration::version)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, Migration.ALL.size()).boxed().toList());
  }

  @Test
  void a_migration_leaves_the_search_path_of_the_connection() {
    try (HikariDataSource pool = poolAs("postgres", 2)) {
      new Schema(pool).migrate();

      String path =
          JdbiFactory.create(pool, BucketSchema.ONLY)
              .withHandle(
                  handle -> handle.createQuery("show search_path").mapTo(String.class).one());
      assertThat(path).isEqualTo("\"$user\", public");
    }
  }

  @Test
  void the_script_leaves_what_a_start_does_except_for_partitions() {
    new Schema(POSTGRES.pool()).migrate();
    List<String> migrated = structure();
    beginEmpty();

    execute(Schema.script(BucketSchema.ONLY, 0));

    assertThat(structure()).isEqualTo(migrated).hasSizeGreaterThan(300);
    assertThat(new Schema(POSTGRES.pool()).isCurrent()).isTrue();
    assertThatCode(() -> new Schema(POSTGRES.pool()).migrate()).doesNotThrowAnyException();
  }

  @Test
  void the_script_continues_from_a_version() {
    new Schema(POSTGRES.pool()).migrate();
    execute("delete from runhook.schema_version where version = 5");
    execute("drop table runhook.installation");

    execute(Schema.script(BucketSchema.ONLY, 4));

    assertThat(new Schema(POSTGRES.pool()).isCurrent()).isTrue();
    assertThatThrownBy(() -> execute(Schema.script(BucketSchema.ONLY, 4)))
        .hasStackTraceContaining("already exists");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schema.script(BucketSchema.ONLY, 6))
        .withMessage("the version must be 0 to 5, not 6");
  }

  @Test
  void a_user_who_may_only_read_and_write_uses_what_the_script_created() {
    createRole("runhook_writer");
    try (HikariDataSource writer = poolAs("runhook_writer", 4)) {
      Schema schema = new Schema(writer);
      assertThatExceptionOfType(UnusableDatabaseException.class)
          .isThrownBy(schema::requireMigrated)
          .withMessage(
              "the schema runhook has no tables of Runhook, and this process may not change it; let an"
                  + " administrator run the script that Runhook.migrations(\"runhook\", 0) returns");
      execute(Schema.script(BucketSchema.ONLY, 0));
      assertThatExceptionOfType(UnusableDatabaseException.class)
          .isThrownBy(schema::requireMigrated)
          .withMessage(
              "the database user runhook_writer may not use the schema runhook (ERROR: permission denied for"
                  + " schema runhook); let an administrator run: "
                  + GRANTS);
      execute(GRANTS);

      schema.requireMigrated();

      assertThat(schema.findIdentity()).isPresent();
      assertThat(tables()).isLessThan(40);
      JdbiTransactor store = new JdbiTransactor(writer);
      store.inTransaction(unit -> {
        StoreFixture.addStack(unit);
        var webhook = StoreFixture.addWebhook(unit, 1);
        return StoreFixture.recordTransition(unit, webhook, StoreFixture.addRun(unit, "first"));
      });
      assertThat(POSTGRES.count("select count(*) from runhook.event_default")).isEqualTo(1);
      new JdbiHistoryPartitions(
              writer, BucketSchema.ONLY, ignored -> Instant.now().plus(Duration.ofDays(90)))
          .dropOlderThan(Duration.ofDays(30));
      assertThat(POSTGRES.count("select count(*) from runhook.event")).isZero();
    }
  }

  @Test
  void an_older_version_is_refused_without_migrating() {
    new Schema(POSTGRES.pool()).migrate();
    execute("delete from runhook.schema_version where version > 3");

    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(() -> new Schema(POSTGRES.pool()).requireMigrated())
        .withMessage(
            "the schema runhook has version 3, and this process may not change it; let an administrator run"
                + " the script that Runhook.migrations(\"runhook\", 3) returns");
  }

  @Test
  void a_migration_that_fails_is_refused_with_the_message_of_the_database() {
    new Schema(POSTGRES.pool()).migrate();
    execute("delete from runhook.schema_version where version = 5");

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
    createRole(role);
    try (HikariDataSource pool = poolAs(role, 10)) {
      new Schema(pool).migrate();
    }
  }

  private static void createRole(String role) {
    execute(
        "do $$ begin create role %s; exception when duplicate_object then null; end $$"
            .formatted(role));
  }

  private static HikariDataSource poolAs(String role, int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(POSTGRES.pool().getDataSource());
    config.setConnectionInitSql("set role " + role);
    config.setMaximumPoolSize(size);
    return new HikariDataSource(config);
  }

  /// Runs a script as `psql` would.
  private static void execute(String sql) {
    try (Connection connection = POSTGRES.pool().getConnection();
        Statement statement = connection.createStatement()) {
      try {
        statement.execute(sql);
      } finally {
        statement.execute("rollback"); // what a script that failed has left
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Relations, columns, indexes, constraints and versions, without daily partitions.
  private static List<String> structure() {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select definition from (
                      select c.relname, concat_ws(' ', c.relkind, c.relname, a.attname, a.attnotnull,
                          format_type(a.atttypid, a.atttypmod), a.attgenerated, a.attstattarget, c.reloptions,
                          pg_get_expr(c.relpartbound, c.oid), pg_get_expr(d.adbin, d.adrelid)) as definition
                        from pg_class c join pg_attribute a on a.attrelid = c.oid
                        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
                        where c.relnamespace = 'runhook'::regnamespace and a.attnum > 0 and not a.attisdropped
                      union all
                      select conrelid::regclass::text, concat_ws(' ', conrelid::regclass, conname,
                          pg_get_constraintdef(oid), convalidated)
                        from pg_constraint where connamespace = 'runhook'::regnamespace
                      union all
                      select tablename, indexdef from pg_indexes where schemaname = 'runhook'
                      union all
                      select viewname, definition from pg_views where schemaname = 'runhook'
                      union all
                      select '', concat_ws(' ', version, file, checksum) from runhook.schema_version) all_of_it
                    where relname !~ '_[0-9]{8}' order by definition
                    """)
                .mapTo(String.class)
                .list());
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
