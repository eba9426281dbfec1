package dev.runhook.bootstrap;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PostgreSQL that Runhook works on, its own or the operator's, and two pools of connections to
/// it: however many requests there are, the engine has its own.
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int FOR_REQUESTS = 12;
  private static final int FOR_ENGINE = 5;

  /// A server that vanished must not hold a connection for ever, nor whoever has made a request for
  /// longer than people wait.
  private static final Duration SILENCE_FOR_REQUESTS = Duration.ofSeconds(8);

  private static final Duration SILENCE_FOR_ENGINE = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  /// Nobody waits for ever behind a lock, and a process that stands still in the middle of a
  /// transaction does not keep its locks from the others.
  private static final String BOUNDS =
      "set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '10s'";

  /// Wrong password, no such role, no such database: waiting does not mend these.
  private static final Set<String> HOPELESS = Set.of("28P01", "28000", "3D000");

  private final Optional<EmbeddedDatabase> embedded;
  private final HikariDataSource pool;
  private final HikariDataSource enginePool;

  private Database(Optional<EmbeddedDatabase> embedded, DatabaseSettings settings) {
    this.embedded = embedded;
    this.pool = pool("requests", FOR_REQUESTS, SILENCE_FOR_REQUESTS, settings);
    this.enginePool = pool("engine", FOR_ENGINE, SILENCE_FOR_ENGINE, settings);
  }

  /// Starts the embedded one, or waits for the operator's to be reachable.
  static Database open(Settings settings) {
    return settings.database().map(Database::remote).orElseGet(() -> embedded(settings));
  }

  /// For requests, and all else that can wait.
  HikariDataSource pool() {
    return pool;
  }

  /// For the engine alone: claiming and settling must not stand in line behind requests.
  HikariDataSource enginePool() {
    return enginePool;
  }

  /// What it is, for people.
  String description() {
    String version = version();
    return embedded
        .map(own -> "embedded PostgreSQL " + version + " in " + own.folder())
        .orElseGet(() -> "PostgreSQL " + version + " at " + withoutPassword());
  }

  private DatabaseSettings withoutPassword() {
    return new DatabaseSettings(pool.getJdbcUrl(), Optional.empty(), Optional.empty());
  }

  @Override
  public void close() {
    enginePool.close();
    pool.close();
    embedded.ifPresent(own -> {
      try {
        own.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static Database embedded(Settings settings) {
    EmbeddedDatabase own = EmbeddedDatabase.start(settings.dataDir());
    return new Database(
        Optional.of(own), new DatabaseSettings(own.jdbcUrl(), Optional.empty(), Optional.empty()));
  }

  private static Database remote(DatabaseSettings settings) {
    Database database = new Database(Optional.empty(), settings);
    try {
      awaitReachable(database.pool, settings);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
    return database;
  }

  private static HikariDataSource pool(
      String name, int connections, Duration silence, DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(settings.jdbcUrl());
    settings.user().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(5_000);
    config.setValidationTimeout(2_000);
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql(BOUNDS);
    config.addDataSourceProperty("ApplicationName", "runhook " + name);
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("socketTimeout", Long.toString(silence.toSeconds()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  private static void awaitReachable(HikariDataSource pool, DatabaseSettings settings) {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = pool.getConnection()) {
        LOG.debug("connected to {}", connection.getMetaData().getDatabaseProductVersion());
        return;
      } catch (SQLException e) {
        refuseWhenHopeless(e, settings, giveUpAt);
        LOG.warn("the database at {} is not reachable, trying again: {}", settings, reason(e));
        pause();
      }
    }
  }

  private static void refuseWhenHopeless(SQLException e, DatabaseSettings settings, long giveUpAt) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && HOPELESS.contains(sql.getSQLState())) {
        throw new ConfigurationException(
            "RUNHOOK_DATABASE_URL: the database refuses us: " + sql.getMessage());
      }
    }
    if (System.nanoTime() > giveUpAt) {
      throw new ConfigurationException(
          "RUNHOOK_DATABASE_URL: the database at " + settings + " is not reachable: " + reason(e));
    }
  }

  private static String reason(SQLException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_TRIES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the database", e);
    }
  }

  private String version() {
    try (Connection connection = pool.getConnection()) {
      return connection.getMetaData().getDatabaseProductVersion();
    } catch (SQLException _) {
      return "(version unknown)";
    }
  }
}
