package dev.runhook.bootstrap.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/// A pool of connections to PostgreSQL, or to the primary of several servers. After an outage it
/// reconnects within [#RETRY_INTERVAL] if the database refused connections, and within an
/// additional [#LOGIN_TIMEOUT] per host if it accepted them without responding. Callers wait for a
/// connection for up to [#MAX_WAIT]; if the database is unreachable for longer, they fail at once.
///
/// The driver remembers for 10 s which hosts are unreachable or standbys, and tries these last. So
/// a host that does not respond delays few connections.
final class ConnectionPool implements AutoCloseable {
  private static final int REQUEST_CONNECTIONS = 12;
  private static final int DISPATCHER_CONNECTIONS = 5;
  private static final int COMMAND_CONNECTIONS = 3;

  /// Limits the wait for a server that has vanished. A request must not take longer than its caller
  /// waits.
  private static final Duration REQUEST_SOCKET_TIMEOUT = Duration.ofSeconds(8);

  private static final Duration DISPATCHER_SOCKET_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(4);

  /// The server is a standby now, or an operator makes it read-only.
  private static final String READ_ONLY = "25006";

  /// A parameter of the JDBC driver.
  private static final String SOCKET_TIMEOUT = "socketTimeout";

  /// Limits the wait for locks, and releases the locks of a process that hangs within a
  /// transaction.
  private static final String INIT_SQL =
      "set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '10s'";

  private final CountDownLatch opened = new CountDownLatch(1);
  private final ReconnectingDataSource source;
  private final HikariDataSource dataSource;

  private ConnectionPool(
      String name,
      int maxSize,
      Duration socketTimeout,
      DatabaseSettings settings,
      PrimaryFence fence) {
    Properties properties = properties(name, settings);
    this.source =
        new ReconnectingDataSource(
            name,
            () -> {
              awaitOpened();
              return connect(settings, properties, socketTimeout, fence);
            },
            RETRY_INTERVAL);
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(maxSize);
    config.setConnectionTimeout(MAX_WAIT.toMillis());
    config.setValidationTimeout(2_000);
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql(INIT_SQL);
    config.setExceptionOverride(new ReadOnlyEviction());
    this.dataSource = new FailFastPool(config, source);
    fence.onNewPrimary(() -> dataSource.getHikariPoolMXBean().softEvictConnections());
  }

  /// Returns a pool that waits for [#open] before it connects. Until then, its callers wait for a
  /// connection as they do while the database is unreachable.
  ///
  /// @param database the number of the database, starting at 1
  static ConnectionPool forRequests(DatabaseSettings settings, PrimaryFence fence, int database) {
    return new ConnectionPool(
        name("requests", database), REQUEST_CONNECTIONS, REQUEST_SOCKET_TIMEOUT, settings, fence);
  }

  /// Returns a pool that waits for [#open] before it connects.
  static ConnectionPool forDispatcher(DatabaseSettings settings, PrimaryFence fence, int database) {
    return new ConnectionPool(
        name("dispatcher", database),
        DISPATCHER_CONNECTIONS,
        DISPATCHER_SOCKET_TIMEOUT,
        settings,
        fence);
  }

  private static String name(String use, int database) {
    return database == 1 ? use : use + "-" + database;
  }

  static ConnectionPool forCommand(DatabaseSettings settings) {
    ConnectionPool pool =
        new ConnectionPool(
            "command", COMMAND_CONNECTIONS, REQUEST_SOCKET_TIMEOUT, settings, new PrimaryFence());
    pool.open();
    return pool;
  }

  /// Opens a connection outside any pool, without retries.
  static Connection connect(DatabaseSettings settings) throws SQLException {
    return connect(
        settings, properties("start", settings), REQUEST_SOCKET_TIMEOUT, new PrimaryFence());
  }

  /// The driver gives up on a host that accepts connections but does not respond within
  /// [#LOGIN_TIMEOUT]. Statements may take longer.
  private static Connection connect(
      DatabaseSettings settings, Properties properties, Duration socketTimeout, PrimaryFence fence)
      throws SQLException {
    Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties);
    try {
      if (settings.isReplicated()) {
        fence.check(connection);
      }
      int timeout =
          settings.sets(SOCKET_TIMEOUT)
              ? connection.getNetworkTimeout()
              : (int) socketTimeout.toMillis();
      limitStatements(connection, timeout);
      connection.setNetworkTimeout(Runnable::run, timeout);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /// Lets the server end a statement before this process gives up on it. Otherwise, the statement
  /// would continue and keep its locks.
  ///
  /// @param socketTimeout in milliseconds; 0 for no limit
  private static void limitStatements(Connection connection, int socketTimeout)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set statement_timeout = " + socketTimeout / 10 * 9);
    }
  }

  /// Lets the pool connect.
  void open() {
    opened.countDown();
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
    open(); // ends the wait
    dataSource.close();
  }

  private void awaitOpened() throws SQLException {
    try {
      opened.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  /// Returns connection properties. Parameters of the URL override them.
  private static Properties properties(String name, DatabaseSettings settings) {
    Properties properties = new Properties();
    settings.user().ifPresent(user -> properties.setProperty("user", user));
    settings.password().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("ApplicationName", "runhook " + name);
    properties.setProperty("connectTimeout", seconds(CONNECT_TIMEOUT));
    properties.setProperty("sslResponseTimeout", Long.toString(CONNECT_TIMEOUT.toMillis()));
    properties.setProperty(SOCKET_TIMEOUT, seconds(LOGIN_TIMEOUT));
    properties.setProperty(
        "loginTimeout", seconds(LOGIN_TIMEOUT.multipliedBy(Math.max(1, settings.hosts().size()))));
    properties.setProperty("tcpKeepAlive", "true");
    // the first host may be a primary that the fence rejects
    properties.setProperty("loadBalanceHosts", "true");
    // the detail quotes rows, including secrets
    properties.setProperty("logServerErrorDetail", "false");
    return properties;
  }

  private static String seconds(Duration duration) {
    return Long.toString(duration.toSeconds());
  }

  /// Has no connection to wait for while the database is down: callers would wait in vain.
  private static final class FailFastPool extends HikariDataSource {
    private final ReconnectingDataSource source;

    FailFastPool(HikariConfig config, ReconnectingDataSource source) {
      super(config);
      this.source = source;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Duration down = source.unreachableFor();
      if (down.compareTo(MAX_WAIT) > 0 && getHikariPoolMXBean().getTotalConnections() == 0) {
        throw new SQLTransientConnectionException(
            "the database has been unreachable for %d s".formatted(down.toSeconds()));
      }
      return super.getConnection();
    }
  }

  /// Closes a connection that turns out to be read-only. The next one goes to the new primary.
  private static final class ReadOnlyEviction implements SQLExceptionOverride {
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException e) {
      return READ_ONLY.equals(e.getSQLState())
          ? SQLExceptionOverride.Override.MUST_EVICT
          : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
  }
}
