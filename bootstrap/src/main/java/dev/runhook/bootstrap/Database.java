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

/// The PostgreSQL that Runhook works on, its own or the operator's, and the pool of connections to
/// it.
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  /// Wrong password, no such role, no such database: waiting does not mend these.
  private static final Set<String> HOPELESS = Set.of("28P01", "28000", "3D000");

  private final Optional<EmbeddedDatabase> embedded;
  private final HikariDataSource pool;

  private Database(Optional<EmbeddedDatabase> embedded, HikariDataSource pool) {
    this.embedded = embedded;
    this.pool = pool;
  }

  /// Starts the embedded one, or waits for the operator's to be reachable.
  static Database open(Settings settings) {
    return settings.database().map(Database::remote).orElseGet(() -> embedded(settings));
  }

  HikariDataSource pool() {
    return pool;
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
        Optional.of(own),
        pool(new DatabaseSettings(own.jdbcUrl(), Optional.empty(), Optional.empty())));
  }

  private static Database remote(DatabaseSettings settings) {
    HikariDataSource pool = pool(settings);
    try {
      awaitReachable(pool, settings);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
    return new Database(Optional.empty(), pool);
  }

  private static HikariDataSource pool(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("runhook");
    config.setJdbcUrl(settings.jdbcUrl());
    settings.user().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "runhook");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty(
        "socketTimeout", "60"); // a server that vanished must not hold a connection for ever
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
