package dev.runhook.bootstrap.database;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Where a pool's connections come from. While the database is not there it knocks again and again,
/// at the same short intervals however long that takes, until it is closed.
///
/// A pool knocks by itself, but after ever longer pauses of up to 5 s: so long it could take to
/// notice that the database is back. What waiting does not mend, such as a wrong password, is
/// thrown at once.
final class ReconnectingDataSource implements DataSource, AutoCloseable {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ReconnectingDataSource.class);

  /// Lost connections, no resources, starting up or shutting down (PostgreSQL manual, appendix A).
  private static final String[] PASSING = {"08", "53", "57P"};

  private final String name;
  private final ConnectionFactory connectionFactory;
  private final Duration betweenTries;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param name whose connections these are, for the log
  ReconnectingDataSource(String name, ConnectionFactory source, Duration betweenTries) {
    this.name = name;
    this.connectionFactory = source;
    this.betweenTries = betweenTries;
  }

  /// One try.
  interface ConnectionFactory {
    Connection connect() throws SQLException;
  }

  @Override
  public Connection getConnection() throws SQLException {
    for (int failed = 0; ; failed++) {
      try {
        Connection connection = connectionFactory.connect();
        if (failed > 0) {
          LOG.atInfo().addKeyValue("pool", name).addKeyValue("tries", failed).log("database back");
        }
        return connection;
      } catch (SQLException e) {
        if (!passes(e) || isClosedAfterPause()) {
          throw e;
        }
        if (failed == 0) {
          LOG.atWarn()
              .addKeyValue("pool", name)
              .addKeyValue("reason", e.getMessage())
              .log(
                  "database cannot be reached, trying again every "
                      + betweenTries.toMillis()
                      + " ms");
        }
      }
    }
  }

  /// Whoever knocks gives up.
  @Override
  public void close() {
    closed.countDown();
  }

  private static boolean passes(SQLException e) {
    String state = e.getSQLState();
    return state != null && Stream.of(PASSING).anyMatch(state::startsWith);
  }

  private boolean isClosedAfterPause() {
    try {
      return closed.await(betweenTries.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is part of the settings");
  }

  /// The driver bounds each try.
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("this logs by SLF4J");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
