package dev.runhook.persistence;

import dev.runhook.application.spi.LoopMonitor;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.schema.UnusableDatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes the dispatchers of all processes with PostgreSQL's LISTEN and NOTIFY.
///
/// Notifications are coalesced: a NOTIFY in each recording transaction would make commits queue
/// behind one lock. Instead, a thread sends at most one every few milliseconds. A notification can
/// be lost, for example with its connection, so a listener must poll as well.
public final class PgNotifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PgNotifier.class);
  private static final String NOTIFIER = "runhook-notifier";
  private static final String LISTENER = "runhook-listener";

  /// Longer than a pool makes a caller wait for a connection.
  private static final Duration ROUND_LIMIT = Duration.ofMinutes(2);

  /// One notification stands for all of this time, because each is a transaction.
  private static final Duration NOTIFY_INTERVAL = Duration.ofMillis(5);

  /// Between attempts to connect, so that a database that is down is not flooded with them.
  private static final Duration RECONNECT_DELAY = Duration.ofSeconds(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final int POLL_MILLIS = 500;
  private static final int POLLS_PER_CHECK = 6;
  private static final int CHECK_TIMEOUT_SECONDS = 2;

  private final DataSource dataSource;
  private final String channel;
  private final LoopMonitor monitor;
  private final Semaphore pending = new Semaphore(0);
  private final AtomicReference<@Nullable Thread> notifier = new AtomicReference<>();
  private final AtomicReference<@Nullable Thread> listener = new AtomicReference<>();
  private volatile boolean closed;

  /// @param schema contains the tables; other installations are neither woken nor noticed
  /// @param monitor watches the threads
  public PgNotifier(DataSource dataSource, BucketSchema schema, LoopMonitor monitor) {
    this.dataSource = dataSource;
    this.channel = schema.channel();
    this.monitor = monitor;
  }

  /// Checks that a data source can provide the connection that [#listen] holds and another one for
  /// transactions. Waits as long as the data source does.
  ///
  /// @throws UnusableDatabaseException if it provides only one
  /// @throws dev.runhook.application.spi.StoreUnavailableException if it provides none
  public static void requireConnections(DataSource dataSource) {
    try {
      Connection listener = dataSource.getConnection();
      try {
        requireAnother(dataSource);
      } finally {
        listener.close();
      }
    } catch (SQLException e) {
      throw SqlErrors.translate("connecting", new IllegalStateException("cannot connect", e));
    }
  }

  private static void requireAnother(DataSource dataSource) throws SQLException {
    try {
      dataSource.getConnection().close();
    } catch (SQLException e) {
      throw new UnusableDatabaseException(
          "the data source provides only one connection (%s); Runhook listens on one and needs others"
                  .formatted(e.getMessage())
              + " for transactions, so let the pool have at least 4",
          e);
    }
  }

  /// Wakes all listeners soon. Does not block.
  public void notifyDue() {
    if (pending.availablePermits() == 0) {
      pending.release();
    }
    startOnce(notifier, NOTIFIER, this::sendNotifications);
  }

  /// Calls `onNotify` for each notification from any process, and whenever notifications may have
  /// been missed, until this is closed. Holds one connection.
  public void listen(Runnable onNotify) {
    startOnce(listener, LISTENER, () -> receiveNotifications(onNotify));
  }

  /// Lets the threads end, and returns at once.
  public void stop() {
    closed = true;
  }

  /// Stops and waits until the threads have ended and returned their connections, usually half a
  /// second or less. A thread that does not get a connection is interrupted.
  @Override
  public void close() {
    stop();
    Stream.of(notifier, listener)
        .flatMap(thread -> Stream.ofNullable(thread.get()))
        .forEach(PgNotifier::end);
  }

  private static void end(Thread thread) {
    try {
      if (!thread.join(CLOSE_TIMEOUT)) {
        thread.interrupt();
      }
    } catch (InterruptedException ignored) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void startOnce(AtomicReference<@Nullable Thread> started, String name, Runnable work) {
    if (started.get() == null && !closed) {
      Thread thread = Thread.ofPlatform().name(name).daemon().unstarted(work);
      if (started.compareAndSet(null, thread)) {
        thread.start();
      }
    }
  }

  private void sendNotifications() {
    while (!closed) {
      monitor.onRound(NOTIFIER, ROUND_LIMIT);
      try {
        if (pending.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          pending.drainPermits();
          sendNotification();
          Thread.sleep(NOTIFY_INTERVAL);
        }
      } catch (SQLException | RuntimeException e) { // a host's data source may throw anything
        log("notification not sent; other processes will poll", e);
      } catch (Error e) {
        monitor.onError(NOTIFIER, e);
      } catch (InterruptedException ignored) {
        return;
      }
    }
  }

  private void sendNotification() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("notify " + channel);
    }
  }

  private void receiveNotifications(Runnable onNotify) {
    while (!closed) {
      monitor.onRound(LISTENER, ROUND_LIMIT);
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute("listen " + channel);
        onNotify.run();
        receiveFrom(connection, onNotify);
        statement.execute("unlisten " + channel);
      } catch (SQLException | RuntimeException e) {
        log("listening failed; will reconnect", e);
        pause();
      } catch (Error e) {
        monitor.onError(LISTENER, e);
        pause();
      }
    }
  }

  /// Both statements take effect with their commit, and a host's pool may not commit automatically.
  private Connection connect() throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      connection.setAutoCommit(true);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// Waiting for notifications does not notice that the server has vanished.
  private void receiveFrom(Connection connection, Runnable onNotify) throws SQLException {
    PGConnection listener = connection.unwrap(PGConnection.class);
    for (int polls = 1; !closed; polls++) {
      monitor.onRound(LISTENER, ROUND_LIMIT);
      if (listener.getNotifications(POLL_MILLIS).length > 0) {
        onNotify.run();
      }
      if (polls % POLLS_PER_CHECK == 0 && !connection.isValid(CHECK_TIMEOUT_SECONDS)) {
        throw new SQLException("the server does not respond");
      }
    }
  }

  /// A host may close its data source right after this.
  private void log(String message, Exception e) {
    if (!closed) {
      LOG.debug(message, e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RECONNECT_DELAY);
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }
}
