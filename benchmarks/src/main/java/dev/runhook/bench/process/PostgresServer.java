package dev.runhook.bench.process;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A PostgreSQL of the measurement's own, durable: a commit is on the disk when it returns. It has
/// the settings of the one that `./runhook` embeds.
public final class PostgresServer implements AutoCloseable {
  private static final List<String> TOLD =
      List.of(
          "server_version",
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "wal_sync_method",
          "shared_buffers",
          "max_wal_size",
          "max_connections");

  private final EmbeddedPostgres server;
  private final long pid;
  private final List<HikariDataSource> pools = new ArrayList<>();

  private PostgresServer(EmbeddedPostgres server, long pid) {
    this.server = server;
    this.pid = pid;
  }

  public static PostgresServer start(Path folder) {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
              .setDataDirectory(folder.resolve("postgres"))
              .setCleanDataDirectory(true)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "200")
              .setServerConfig("shared_buffers", "128MB")
              .setServerConfig("max_wal_size", "1GB")
              .setServerConfig("shared_preload_libraries", "pg_stat_statements")
              .start();
      String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst();
      PostgresServer postgresServer = new PostgresServer(server, Long.parseLong(pid.strip()));
      postgresServer.note("none"); // until somebody asks
      return postgresServer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return pid;
  }

  /// Has PostgreSQL note in pg_stat_statements what statements cost, and planning them.
  public void trackStatements() {
    execute("postgres", "create extension if not exists pg_stat_statements");
    note("all");
  }

  /// As a setting of the system, for what is given when a server starts cannot be changed.
  private void note(String which) {
    execute("postgres", "alter system set pg_stat_statements.track = '" + which + "'");
    execute("postgres", "alter system set pg_stat_statements.track_planning = on");
    execute("postgres", "select pg_reload_conf()");
  }

  /// Makes an empty database, and says where it is.
  public String createDatabase(String name) {
    execute("postgres", "create database " + name);
    return server.getJdbcUrl("postgres", name);
  }

  /// Connections to a database of it; closed with it.
  public HikariDataSource pool(String name) {
    HikariDataSource pool = newPool(server.getJdbcUrl("postgres", name), 16);
    pools.add(pool);
    return pool;
  }

  /// Connections as the product has them.
  public static HikariDataSource newPool(String url, int most) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(most);
    return new HikariDataSource(config);
  }

  /// The settings that durability and speed hang on.
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    TOLD.forEach(name -> settings.put(name, query("show " + name)));
    return settings;
  }

  public void execute(String database, String sql) {
    try (Connection connection = server.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String query(String sql) {
    return query("postgres", sql);
  }

  /// The first column of the first row.
  public String query(String database, String sql) {
    try (Connection connection = server.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
