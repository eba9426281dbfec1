package dev.runhook.bootstrap.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;

/// Connections to PostgreSQL that are kept, and made anew as soon as a database that was away is
/// back: at most [#BETWEEN_KNOCKS] later where it refused connections, [#LOGIN_SECONDS] more where
/// it took them and said nothing.
final class ConnectionPool implements AutoCloseable {
  private static final int FOR_REQUESTS = 12;
  private static final int FOR_ENGINE = 5;
  private static final int FOR_COMMAND = 3;

  /// A server that vanished must not hold a connection for ever, nor whoever has made a request for
  /// longer than people wait.
  private static final Duration SILENCE_FOR_REQUESTS = Duration.ofSeconds(8);

  private static final Duration SILENCE_FOR_ENGINE = Duration.ofSeconds(20);
  private static final Duration BETWEEN_KNOCKS = Duration.ofMillis(250);
  private static final String LOGIN_SECONDS = "4";

  /// Nobody waits for ever behind a lock, and a process that stands still in the middle of a
  /// transaction does not keep its locks from the others.
  private static final String BOUNDS =
      "set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '10s'";

  private final ReconnectingDataSource source;
  private final HikariDataSource dataSource;

  private ConnectionPool(String name, int most, Duration silence, DatabaseSettings settings) {
    Properties properties = properties(name, silence, settings);
    this.source =
        new ReconnectingDataSource(
            name,
            () -> DriverManager.getConnection(settings.jdbcUrl(), properties),
            BETWEEN_KNOCKS);
    this.dataSource = new HikariDataSource(config(name, most));
  }

  static ConnectionPool forRequests(DatabaseSettings settings) {
    return new ConnectionPool("requests", FOR_REQUESTS, SILENCE_FOR_REQUESTS, settings);
  }

  static ConnectionPool forDispatcher(DatabaseSettings settings) {
    return new ConnectionPool("engine", FOR_ENGINE, SILENCE_FOR_ENGINE, settings);
  }

  /// For one command of a person.
  static ConnectionPool forCommand(DatabaseSettings settings) {
    return new ConnectionPool("command", FOR_COMMAND, SILENCE_FOR_REQUESTS, settings);
  }

  /// One connection, of no pool, or why there is none now.
  static Connection connect(DatabaseSettings settings) throws SQLException {
    return DriverManager.getConnection(
        settings.jdbcUrl(), properties("start", SILENCE_FOR_REQUESTS, settings));
  }

  DataSource dataSource() {
    return dataSource;
  }

  void registerMetrics(MeterRegistry registry) {
    dataSource.setMetricRegistry(registry);
  }

  @Override
  public void close() {
    source.close();
    dataSource.close();
  }

  /// What the URL says of the same wins.
  private static Properties properties(String name, Duration silence, DatabaseSettings settings) {
    Properties properties = new Properties();
    settings.user().ifPresent(user -> properties.setProperty("user", user));
    settings.password().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("ApplicationName", "runhook " + name);
    properties.setProperty("connectTimeout", LOGIN_SECONDS);
    properties.setProperty("loginTimeout", LOGIN_SECONDS);
    properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("logServerErrorDetail", "false"); // it quotes rows, secrets and all
    return properties;
  }

  private HikariConfig config(String name, int most) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(most);
    config.setConnectionTimeout(5_000);
    config.setValidationTimeout(2_000);
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql(BOUNDS);
    return config;
  }
}
