package dev.runhook.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@SuppressWarnings("NullAway.Init")
class ConnectionPoolTest {
  private static final int CLOSED_PORT = 1;

  @TempDir private static Path dataDir;
  private static EmbeddedDatabase database;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.in(dataDir);
    database.start();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void a_read_only_connection_is_replaced() throws SQLException {
    try (ConnectionPool pool = ConnectionPool.forCommand(database.settings())) {
      Set<Integer> sessions = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        try (Connection connection = pool.dataSource().getConnection();
            Statement statement = connection.createStatement()) {
          sessions.add(session(statement));
          statement.execute("set default_transaction_read_only = on");
          assertThatThrownBy(() -> statement.execute("create table t ()"))
              .isInstanceOfSatisfying(
                  SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
        }
      }

      assertThat(sessions).hasSize(3);
    }
  }

  @Test
  void a_first_host_that_does_not_respond_is_given_up() throws IOException, SQLException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Connection connection = ConnectionPool.connect(behind(silent.getLocalPort()));
        Statement statement = connection.createStatement()) {
      assertThat(session(statement)).isPositive();
      assertThat(connection.getNetworkTimeout()).isEqualTo(8_000);
    }
  }

  @Test
  void a_statement_ends_on_the_server_before_its_connection_is_given_up() throws SQLException {
    DatabaseSettings own = database.settings();
    DatabaseSettings settings =
        new DatabaseSettings(own.jdbcUrl() + "?socketTimeout=1", own.user(), own.password());
    try (Connection connection = ConnectionPool.connect(settings);
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select pg_sleep(20)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));

      assertThat(connection.isValid(1)).isTrue();
    }
  }

  @Test
  void each_pool_ends_statements_before_its_socket_timeout() throws SQLException {
    PrimaryFence fence = new PrimaryFence();
    try (ConnectionPool requests = ConnectionPool.forRequests(database.settings(), fence, 1);
        ConnectionPool dispatcher = ConnectionPool.forDispatcher(database.settings(), fence, 1)) {
      for (ConnectionPool pool : List.of(requests, dispatcher)) {
        pool.open();
        try (Connection connection = pool.dataSource().getConnection();
            Statement statement = connection.createStatement()) {
          assertThat(statementTimeout(statement))
              .isPositive()
              .isLessThan(connection.getNetworkTimeout());
        }
      }
    }
  }

  private static int statementTimeout(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "select setting from pg_settings where name = 'statement_timeout' and unit = 'ms'")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void a_pool_that_is_closed_while_it_waits_to_connect_logs_no_warning() {
    Logger logger = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);

    ConnectionPool pool = ConnectionPool.forRequests(database.settings(), new PrimaryFence(), 1);
    while (Thread.getAllStackTraces().keySet().stream().noneMatch(this::isConnecting)) {
      Thread.onSpinWait();
    }
    pool.close();

    logger.detachAppender(log);
    assertThat(log.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .isEmpty();
  }

  private boolean isConnecting(Thread thread) {
    return thread.getName().equals("requests:connection-adder")
        && thread.getState() == Thread.State.WAITING;
  }

  @Test
  void a_pool_gives_up_a_primary_that_was_replaced() throws SQLException {
    PrimaryFence fence = new PrimaryFence();
    try (ConnectionPool pool = ConnectionPool.forRequests(behind(CLOSED_PORT), fence, 1)) {
      pool.open();
      pool.dataSource().getConnection().close();

      fence.check("FFFFFFFF");

      assertThatThrownBy(pool.dataSource()::getConnection)
          .isInstanceOf(SQLTransientConnectionException.class);
    }
  }

  /// The settings of the database with another host before its own.
  private static DatabaseSettings behind(int port) {
    DatabaseSettings settings = database.settings();
    URI own = URI.create(settings.jdbcUrl().substring("jdbc:".length()));
    return new DatabaseSettings(
        "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d%s?targetServerType=primary"
            .formatted(port, own.getPort(), own.getPath()),
        settings.user(),
        Optional.of(settings.password().orElseThrow()));
  }

  private static int session(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("select pg_backend_pid()")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
