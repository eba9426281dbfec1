package dev.runhook.systemtests.resilience;

import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.StartupCache;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// A PostgreSQL of the operator's, as durable as ours, that several nodes share.
final class SharedPostgres implements AutoCloseable {
  private final EmbeddedPostgres server;

  private SharedPostgres(EmbeddedPostgres server) {
    this.server = server;
  }

  static SharedPostgres start(Path folder) {
    Path cluster = folder.resolve("postgres");
    StartupCache.copyEmptyCluster(cluster);
    try {
      return new SharedPostgres(
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(StartupCache.postgresDirectory().toFile())
              .setDataDirectory(cluster)
              .setCleanDataDirectory(false)
              .setPGStartupWait(RunhookProcess.TIMEOUT)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "100")
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The URL of that database, which is there from the start.
  String url() {
    return url("postgres");
  }

  /// Makes a database of that name; its URL.
  String createDatabase(String name) {
    execute(url(), "create database " + name);
    return url(name);
  }

  /// Lets the time pass that all leases of that database have left.
  void expireLeases(String url) {
    execute(
        url,
        "update runhook.delivery_queue set leased_until = now() - interval '1 second' where leased_until is not null");
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String url(String name) {
    return server.getJdbcUrl("postgres", name);
  }

  private static void execute(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
