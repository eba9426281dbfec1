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

/// A durable PostgreSQL for one benchmark: a commit is on the disk when it returns. Its settings
/// are those of the PostgreSQL that `./runhook` embeds.
public final class PostgresServer implements AutoCloseable {
  private static final List<String> REPORTED_SETTINGS =
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

  /// Creates a cluster and starts it.
  ///
  /// @param folder for its data
  /// @param programs where the programs of PostgreSQL are, or are unpacked by the first start
  public static PostgresServer start(Path folder, Path programs) {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(programs.toFile())
              .setDataDirectory(folder.resolve("postgres"))
              .setCleanDataDirectory(true)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "300")
              .setServerConfig("shared_buffers", "128MB")
              .setServerConfig("max_wal_size", "1GB")
              .setServerConfig("shared_preload_libraries", "pg_stat_statements")
              .start();
      String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst();
      PostgresServer postgresServer = new PostgresServer(server, Long.parseLong(pid.strip()));
      postgresServer.setTracking("none"); // until trackStatements()
      return postgresServer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return pid;
  }

  /// Starts recording the cost of statements, including planning, in `pg_stat_statements`.
  public void trackStatements() {
    execute("postgres", "create extension if not exists pg_stat_statements");
    setTracking("all");
  }

  /// Uses `alter system`, because options of the server command cannot be changed while it runs.
  private void setTracking(String scope) {
    execute("postgres", "alter system set pg_stat_statements.track = '" + scope + "'");
    execute("postgres", "alter system set pg_stat_statements.track_planning = on");
    execute("postgres", "select pg_reload_conf()");
  }

  /// Creates an empty database and returns its JDBC URL.
  public String createDatabase(String name) {
    execute("postgres", "create database " + name);
    return server.getJdbcUrl("postgres", name);
  }

  /// Returns how much of the write-ahead log the server has written since it was created.
  public long logBytes() {
    return Long.parseLong(
        query("postgres", "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"));
  }

  /// Returns a new connection pool for a database, which closes with this server.
  public HikariDataSource pool(String database) {
    HikariDataSource pool = newPool(server.getJdbcUrl("postgres", database), 16);
    pools.add(pool);
    return pool;
  }

  /// Returns a new connection pool with the default settings.
  public static HikariDataSource newPool(String url, int maxSize) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(maxSize);
    return new HikariDataSource(config);
  }

  /// Returns the settings on which durability and speed depend.
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    REPORTED_SETTINGS.forEach(name -> settings.put(name, query("postgres", "show " + name)));
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

  /// Returns the first column of the first row.
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
