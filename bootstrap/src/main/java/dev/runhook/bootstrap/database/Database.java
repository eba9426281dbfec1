package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The embedded or external PostgreSQL of a server, with two connection pools. The dispatcher has
/// its own pool, which requests cannot exhaust.
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

  /// Waiting does not resolve a wrong password, an unknown role or an unknown database.
  private static final Set<String> NON_RETRYABLE = Set.of("28P01", "28000", "3D000");

  private final Optional<EmbeddedDatabase> embedded;
  private final DatabaseSettings settings;
  private final ConnectionPool requestPool;
  private final ConnectionPool dispatcherPool;

  private Database(Optional<EmbeddedDatabase> embedded, DatabaseSettings settings) {
    this.embedded = embedded;
    this.settings = settings;
    this.requestPool = ConnectionPool.forRequests(settings);
    this.dispatcherPool = ConnectionPool.forDispatcher(settings);
  }

  /// Starts the embedded database, or waits until the external one is reachable.
  public static Database open(Settings settings) {
    return settings.database().map(Database::openExternal).orElseGet(() -> startEmbedded(settings));
  }

  /// Returns connections for requests and everything else that can wait.
  public DataSource requestDataSource() {
    return requestPool.dataSource();
  }

  /// Returns connections for the dispatcher only.
  public DataSource dispatcherDataSource() {
    return dispatcherPool.dataSource();
  }

  public void registerMetrics(MeterRegistry registry) {
    requestPool.registerMetrics(registry);
    dispatcherPool.registerMetrics(registry);
  }

  public String description() {
    String version = version();
    return embedded
        .map(database -> "embedded PostgreSQL " + version + " in " + database.directory())
        .orElseGet(() -> "PostgreSQL " + version + " at " + settings);
  }

  @Override
  public void close() {
    dispatcherPool.close();
    requestPool.close();
    embedded.ifPresent(EmbeddedDatabase::close);
  }

  private static Database startEmbedded(Settings settings) {
    EmbeddedDatabase embedded = EmbeddedDatabase.start(settings.dataDir());
    return new Database(Optional.of(embedded), new DatabaseSettings(embedded.jdbcUrl()));
  }

  private static Database openExternal(DatabaseSettings settings) {
    awaitReachable(settings);
    return new Database(Optional.empty(), settings);
  }

  private static void awaitReachable(DatabaseSettings settings) {
    long deadline = System.nanoTime() + CONNECT_TIMEOUT.toNanos();
    while (true) {
      try (Connection connection = ConnectionPool.connect(settings)) {
        LOG.debug("connected to {}", connection.getMetaData().getDatabaseProductVersion());
        return;
      } catch (SQLException e) {
        requireRetryable(e, settings, deadline);
        LOG.warn("the database at {} is unreachable, retrying: {}", settings, reason(e));
        LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
      }
    }
  }

  private static void requireRetryable(SQLException e, DatabaseSettings settings, long deadline) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && NON_RETRYABLE.contains(sql.getSQLState())) {
        throw new ConfigurationException(
            "RUNHOOK_DATABASE_URL: the database rejected the connection: " + sql.getMessage());
      }
    }
    if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
      throw new ConfigurationException(
          "RUNHOOK_DATABASE_URL: the database at " + settings + " is unreachable: " + reason(e));
    }
  }

  private static String reason(SQLException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private String version() {
    try (Connection connection = requestDataSource().getConnection()) {
      return connection.getMetaData().getDatabaseProductVersion();
    } catch (SQLException _) {
      return "(version unknown)";
    }
  }
}
