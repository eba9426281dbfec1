package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PostgreSQL that Runhook works on, its own or the operator's, and two pools of connections to
/// it: however many requests there are, the engine has its own.
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  /// Wrong password, no such role, no such database: waiting does not mend these.
  private static final Set<String> HOPELESS = Set.of("28P01", "28000", "3D000");

  private final Optional<EmbeddedDatabase> embedded;
  private final DatabaseSettings settings;
  private final ConnectionPool requests;
  private final ConnectionPool engine;

  private Database(Optional<EmbeddedDatabase> embedded, DatabaseSettings settings) {
    this.embedded = embedded;
    this.settings = settings;
    this.requests = ConnectionPool.forRequests(settings);
    this.engine = ConnectionPool.forDispatcher(settings);
  }

  /// Starts the embedded one, or waits for the operator's to be reachable.
  public static Database open(Settings settings) {
    return settings.database().map(Database::remote).orElseGet(() -> embedded(settings));
  }

  /// For requests, and all else that can wait.
  public DataSource requestDataSource() {
    return requests.dataSource();
  }

  /// For the engine alone: claiming and settling must not stand in line behind requests.
  public DataSource dispatcherDataSource() {
    return engine.dataSource();
  }

  /// Has both pools measured.
  public void registerMetrics(MeterRegistry registry) {
    requests.registerMetrics(registry);
    engine.registerMetrics(registry);
  }

  /// What it is, for people.
  public String description() {
    String version = version();
    return embedded
        .map(own -> "embedded PostgreSQL " + version + " in " + own.directory())
        .orElseGet(() -> "PostgreSQL " + version + " at " + settings);
  }

  @Override
  public void close() {
    engine.close();
    requests.close();
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
    awaitReachable(settings);
    return new Database(Optional.empty(), settings);
  }

  private static void awaitReachable(DatabaseSettings settings) {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = ConnectionPool.connect(settings)) {
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
    try (Connection connection = requestDataSource().getConnection()) {
      return connection.getMetaData().getDatabaseProductVersion();
    } catch (SQLException _) {
      return "(version unknown)";
    }
  }
}
