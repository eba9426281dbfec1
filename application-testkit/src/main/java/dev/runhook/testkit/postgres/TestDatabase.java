package dev.runhook.testkit.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/// A database with a connection pool. All databases of a JVM are on one PostgreSQL server, which
/// starts with the first one and stops with the JVM. The server never waits for the disk, so its
/// data does not survive a crash.
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String name;
  private final HikariDataSource pool;

  private TestDatabase(String name) {
    this.name = name;
    this.pool = pool(name);
  }

  /// Creates a database without tables of its own.
  public static TestDatabase empty() {
    return copyOf("template1");
  }

  /// Creates a copy of a database that has no open connections.
  static TestDatabase copyOf(String template) {
    String name = "test_" + NUMBER.incrementAndGet();
    execute(
        Server.RUNNING.getPostgresDatabase(),
        "create database %s template %s".formatted(name, template));
    return new TestDatabase(name);
  }

  private static HikariDataSource pool(String name) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(Server.RUNNING.getDatabase("postgres", name));
    config.setMaximumPoolSize(16);
    config.setMinimumIdle(1);
    config.setMaxLifetime(0);
    return new HikariDataSource(config);
  }

  private static void execute(DataSource on, String sql) {
    try (Connection connection = on.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("the test database fails: " + sql, e);
    }
  }

  String name() {
    return name;
  }

  public HikariDataSource pool() {
    return pool;
  }

  /// Runs statements in one transaction.
  public void execute(String sql) {
    execute(pool, sql);
  }

  /// Closes the connections. The server deletes the database when it stops.
  @Override
  public void close() {
    pool.close();
  }

  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "100")
            .setServerConfig("autovacuum", "off")
            .setServerConfig("jit", "off")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
