package dev.runhook.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.schema.CitusSchema;
import dev.runhook.persistence.schema.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A new database for a test class, on one server for all test classes. Register it in a static
/// field. If `RUNHOOK_TEST_CITUS_URL` is set, all test classes use that database instead, with
/// schemas that Citus distributes.
public final class Postgres implements BeforeAllCallback, AfterAllCallback {
  private static final Optional<String> CITUS_URL =
      Optional.ofNullable(System.getenv("RUNHOOK_TEST_CITUS_URL"));
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final boolean migrated;
  private @Nullable HikariDataSource pool;

  private Postgres(boolean migrated) {
    this.migrated = migrated;
  }

  public static Postgres migrated() {
    return new Postgres(true);
  }

  public static Postgres empty() {
    return new Postgres(false);
  }

  /// Whether the database is a Citus cluster.
  public static boolean isCitus() {
    return CITUS_URL.isPresent();
  }

  public HikariDataSource pool() {
    HikariDataSource open = pool;
    if (open == null) {
      throw new IllegalStateException("the database exists only while the tests of the class run");
    }
    return open;
  }

  public Jdbi jdbi() {
    return JdbiFactory.create(pool(), BucketSchema.ONLY);
  }

  public JdbiTransactor transactor() {
    return new JdbiTransactor(pool());
  }

  public long count(String sql) {
    return jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(long.class).one());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (CITUS_URL.isPresent()) {
      pool = pool(config -> config.setJdbcUrl(CITUS_URL.get()));
      dropSchemas();
      if (migrated) {
        new Schema(pool()).migrate();
        var ignored = new CitusSchema(pool(), BucketSchema.ONLY).distribute();
      }
    } else {
      pool =
          newDatabase(
              "test_" + NUMBER.incrementAndGet(), migrated ? Template.MIGRATED : "template1");
    }
  }

  private static HikariDataSource newDatabase(String name, String template) {
    Jdbi.create(Server.RUNNING.getPostgresDatabase())
        .useHandle(handle -> handle.execute("create database " + name + " template " + template));
    return pool(config -> config.setDataSource(Server.RUNNING.getDatabase("postgres", name)));
  }

  private static HikariDataSource pool(Consumer<HikariConfig> database) {
    HikariConfig config = new HikariConfig();
    database.accept(config);
    config.setMaximumPoolSize(16);
    config.setMinimumIdle(1);
    return new HikariDataSource(config);
  }

  private void dropSchemas() {
    String sql = "select nspname from pg_namespace where nspname ~ '^runhook(_[0-9]{2})?$'";
    jdbi()
        .useHandle(handle ->
            handle
                .createQuery(sql)
                .mapTo(String.class)
                .forEach(name -> handle.execute("drop schema " + name + " cascade")));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    pool().close();
  }

  /// A migrated database, because a copy of it costs a fraction of a migration.
  private static final class Template {
    static final String MIGRATED = create();

    private static String create() {
      String name = "migrated";
      try (HikariDataSource database = newDatabase(name, "template1")) {
        new Schema(database).migrate();
      }
      return name;
    }
  }

  /// Started by the first test class that needs it, and stopped with the JVM.
  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setServerConfig("max_connections", "100").start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
