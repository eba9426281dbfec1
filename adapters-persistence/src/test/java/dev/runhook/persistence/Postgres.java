package dev.runhook.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.schema.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A new database for a test class, on one server for all test classes. Register it in a static
/// field.
public final class Postgres implements BeforeAllCallback, AfterAllCallback {
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

  public HikariDataSource pool() {
    HikariDataSource open = pool;
    if (open == null) {
      throw new IllegalStateException("the database exists only while the tests of the class run");
    }
    return open;
  }

  public Jdbi jdbi() {
    return JdbiConfig.create(pool(), BucketSchema.ONLY);
  }

  public JdbiTransactor transactor() {
    return new JdbiTransactor(pool());
  }

  public long count(String sql) {
    return jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(long.class).one());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    String name = "test_" + NUMBER.incrementAndGet();
    Jdbi.create(Server.RUNNING.getPostgresDatabase())
        .useHandle(handle -> handle.execute("create database " + name));
    pool = poolOf(name, 16);
    if (migrated) {
      new Schema(pool()).migrate();
    }
  }

  private static HikariDataSource poolOf(String database, int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(Server.RUNNING.getDatabase("postgres", database));
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    return new HikariDataSource(config);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    pool().close();
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
