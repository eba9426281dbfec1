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

/// The source of a pool's connections. While the database is unreachable, it retries at a fixed
/// interval until it is closed.
///
/// The pool itself would retry at growing intervals of up to 5 s and notice the recovery late.
/// Errors that waiting cannot resolve, such as a wrong password, are thrown immediately.
final class ReconnectingDataSource implements DataSource, AutoCloseable {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ReconnectingDataSource.class);

  /// Connection failures, insufficient resources, startup and shutdown (PostgreSQL manual, appendix
  /// A).
  private static final String[] RETRYABLE = {"08", "53", "57P"};

  private static final int LOGIN_TIMEOUT_SECONDS = 5;

  private final String name;
  private final ConnectionFactory factory;
  private final Duration retryInterval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Long unreachableSince;

  /// @param name the name of the pool, for the log
  ReconnectingDataSource(String name, ConnectionFactory factory, Duration retryInterval) {
    this.name = name;
    this.factory = factory;
    this.retryInterval = retryInterval;
  }

  /// Opens connections without retries.
  interface ConnectionFactory {
    Connection connect() throws SQLException;
  }

  @Override
  public Connection getConnection() throws SQLException {
    for (int failed = 0; ; failed++) {
      long startedAt = System.nanoTime();
      try {
        Connection connection = factory.connect();
        unreachableSince = null;
        if (failed > 0) {
          LOG.atInfo()
              .addKeyValue("pool", name)
              .addKeyValue("attempts", failed)
              .log("database reachable again");
        }
        return connection;
      } catch (SQLException e) {
        if (isRetryable(e) && unreachableSince == null) {
          unreachableSince = startedAt;
        }
        if (!isRetryable(e) || isClosedAfterPause()) {
          throw e;
        }
        if (failed == 0) {
          LOG.atWarn()
              .addKeyValue("pool", name)
              .addKeyValue("intervalMs", retryInterval.toMillis())
              .addKeyValue("reason", e.getMessage())
              .log("database unreachable, retrying");
        }
      }
    }
  }

  /// Returns for how long all attempts to connect have failed; zero if the last one succeeded.
  Duration unreachableFor() {
    Long since = unreachableSince;
    return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  /// Ends all retries.
  @Override
  public void close() {
    closed.countDown();
  }

  private static boolean isRetryable(SQLException e) {
    String state = e.getSQLState();
    return state != null && Stream.of(RETRYABLE).anyMatch(state::startsWith);
  }

  private boolean isClosedAfterPause() {
    try {
      return closed.await(retryInterval.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is fixed");
  }

  /// Ignored, because the driver limits each connection attempt.
  @Override
  public void setLoginTimeout(int seconds) {}

  /// A pool that is closed waits that long for an attempt to connect.
  @Override
  public int getLoginTimeout() {
    return LOGIN_TIMEOUT_SECONDS;
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("logs with SLF4J");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("does not wrap " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
