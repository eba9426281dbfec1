package dev.runhook.bootstrap.database;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.persistence.schema.Schema;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/// The embedded or external PostgreSQL of a server, with two connection pools. The dispatcher has
/// its own pool, which requests cannot exhaust.
public final class Database implements AutoCloseable {
  /// Waiting does not resolve a wrong password, an unknown role or an unknown database.
  private static final Set<String> NON_RETRYABLE = Set.of("28P01", "28000", "3D000");

  private final Optional<EmbeddedDatabase> embedded;
  private final DatabaseSettings settings;
  private final int number;
  private final String variable;
  private final ConnectionPool requestPool;
  private final ConnectionPool dispatcherPool;

  /// @param number 1 for the only database or the first
  /// @param variable the setting with its address
  private Database(
      Optional<EmbeddedDatabase> embedded, DatabaseSettings settings, int number, String variable) {
    this.embedded = embedded;
    this.settings = settings;
    this.number = number;
    this.variable = variable;
    PrimaryFence fence = new PrimaryFence();
    this.requestPool = ConnectionPool.forRequests(settings, fence, number);
    this.dispatcherPool = ConnectionPool.forDispatcher(settings, fence, number);
  }

  /// Starts and connects to nothing yet.
  ///
  /// @throws ConfigurationException if the data directory of the embedded database is unusable
  public static Database of(Settings settings) {
    return settings
        .database()
        .map(database -> external(database, 1, settings.databaseVariable()))
        .orElseGet(() -> {
          EmbeddedDatabase embedded =
              EmbeddedDatabase.in(settings.get(SettingDefinitions.DATA_DIR));
          return new Database(
              Optional.of(embedded), embedded.settings(), 1, settings.databaseVariable());
        });
  }

  /// @param number distinguishes several databases
  /// @param variable the setting with the address
  static Database external(DatabaseSettings settings, int number, String variable) {
    return new Database(Optional.empty(), settings, number, variable);
  }

  /// Starts the embedded database, or tries to connect to the external one, and lets
  /// [#dispatcherDataSource] connect. Can be repeated.
  ///
  /// @throws StoreUnavailableException if the external database does not accept connections now
  /// @throws ConfigurationException if it rejects them
  /// @throws StartupException if the embedded database does not start
  public void connect() {
    embedded.ifPresentOrElse(EmbeddedDatabase::start, () -> requireReachable(settings, variable));
    dispatcherPool.open();
  }

  /// Lets [#requestDataSource] connect, because the schema is complete.
  public void openForRequests() {
    requestPool.open();
  }

  /// Returns 1 for the first database, which has the home bucket.
  public int number() {
    return number;
  }

  /// Returns connections for requests and everything else that can wait.
  public DataSource requestDataSource() {
    return requestPool.dataSource();
  }

  /// Returns connections for the dispatcher only.
  public DataSource dispatcherDataSource() {
    return dispatcherPool.dataSource();
  }

  /// Whether there are several servers, one of which is the primary.
  public boolean isReplicated() {
    return settings.isReplicated();
  }

  /// Returns the settings of the database with which it may lose committed transactions.
  ///
  /// @throws StoreUnavailableException if the database is unavailable
  public List<String> findUnsafeSettings() {
    return new Schema(dispatcherDataSource()).findUnsafeSettings(isReplicated());
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

  /// Tries to connect.
  ///
  /// @param variable the setting with the address, for messages
  /// @throws StoreUnavailableException if the database does not accept connections now
  /// @throws ConfigurationException if it rejects them
  static void requireReachable(DatabaseSettings settings, String variable) {
    try {
      ConnectionPool.connect(settings).close();
    } catch (SQLException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql
            && sql.getSQLState() != null
            && NON_RETRYABLE.contains(sql.getSQLState())) {
          throw new ConfigurationException(
              variable + ": the database rejected the connection: " + sql.getMessage());
        }
      }
      throw new StoreUnavailableException(
          "%s: the database at %s is unreachable: %s".formatted(variable, settings, reason(e)), e);
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
