package dev.runhook.persistence.notify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes the processes that send, from those that record, by PostgreSQL's LISTEN and NOTIFY.
///
/// Rings are collected: a notification in each recording transaction would make commits queue
/// behind one lock, so one every few milliseconds is sent by a thread of its own. A ring may be
/// lost, with its connection say; whoever listens polls besides.
public final class PgNotifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PgNotifier.class);
  private static final Duration BETWEEN_RINGS = Duration.ofMillis(5);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final int WAIT_MILLIS = 500;

  private final DataSource database;
  private final Semaphore rung = new Semaphore(0);
  private final AtomicBoolean ringing = new AtomicBoolean();
  private final AtomicBoolean listening = new AtomicBoolean();
  private volatile boolean closed;

  public PgNotifier(DataSource database) {
    this.database = database;
  }

  /// Has everybody who listens woken soon; returns at once.
  public void notifyDue() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
    startOnce(ringing, "bell-ringer", this::sendRings);
  }

  /// Calls `onRing` for each ring from any process, and whenever rings may have been missed, until
  /// this is closed. Holds a connection meanwhile.
  public void listen(Runnable onRing) {
    startOnce(listening, "bell-listener", () -> hear(onRing));
  }

  /// Its threads end within half a second.
  @Override
  public void close() {
    closed = true;
  }

  private static void startOnce(AtomicBoolean started, String name, Runnable work) {
    if (started.compareAndSet(false, true)) {
      Thread.ofPlatform().name(name).daemon().start(work);
    }
  }

  private void sendRings() {
    while (!closed) {
      try {
        if (rung.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
          rung.drainPermits();
          notifyAll(database);
          Thread.sleep(BETWEEN_RINGS);
        }
      } catch (SQLException | RuntimeException e) { // hosts bring what connects
        LOG.debug("a ring was not sent; the others will find out by polling", e);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private static void notifyAll(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("notify runhook_due");
    }
  }

  private void hear(Runnable onRing) {
    while (!closed) {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("listen runhook_due");
        onRing.run();
        hear(connection.unwrap(PGConnection.class), onRing);
        statement.execute("unlisten runhook_due");
      } catch (SQLException | RuntimeException e) {
        LOG.debug("not listening for now; polling goes on", e);
        pause();
      }
    }
  }

  private void hear(PGConnection connection, Runnable onRing) throws SQLException {
    while (!closed) {
      if (connection.getNotifications(WAIT_MILLIS).length > 0) {
        onRing.run();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(AFTER_TROUBLE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
