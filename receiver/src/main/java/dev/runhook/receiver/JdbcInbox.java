package dev.runhook.receiver;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A transactional inbox: the id of an event and its effect commit in one transaction of the
/// receiver, so that each event has one effect, even if it is delivered again, to several processes
/// at the same time, or while a process is killed.
///
/// This holds for effects in the same database. An e-mail or a call of another service is not part
/// of the transaction: store it as a task in the transaction, and run it afterwards.
///
/// The versions of a run never go backwards: an event that is older than one that has taken effect
/// goes to [InboxHandler#handleStale], which ignores it by default. [#withOrder] also holds events
/// back until those before them have come.
///
/// All methods use the connection of the caller, and only [#receiveAndCommit] commits or rolls
/// back. If one of them throws, roll back and respond with 500: the server sends the event again.
/// The isolation should be `READ COMMITTED`. With a stricter one, the database may reject one of
/// two concurrent events of a run, which the server then sends again. Immutable and thread-safe.
public final class JdbcInbox {
  private static final Pattern TABLES =
      Pattern.compile("([A-Za-z_]\\w{0,39}\\.)?[A-Za-z_]\\w{0,39}");

  /// A run whose handler fails is not always the first one.
  private static final int DUE_RUNS = 100;

  private final DeliveryReceiver receiver;
  private final InboxTables tables;
  private final Duration maxWait;
  private final InstantSource clock;

  private JdbcInbox(
      DeliveryReceiver receiver, InboxTables tables, Duration maxWait, InstantSource clock) {
    this.receiver = receiver;
    this.tables = tables;
    this.maxWait = maxWait;
    this.clock = clock;
  }

  /// Creates an inbox whose tables are `webhook_inbox_event`, `webhook_inbox_run` and
  /// `webhook_inbox_held`.
  ///
  /// @param receiver verifies deliveries; it does not remember those of an inbox
  public static JdbcInbox of(DeliveryReceiver receiver, InboxDialect dialect) {
    return new JdbcInbox(
        receiver, new InboxTables(dialect, "webhook_inbox"), Duration.ZERO, InstantSource.system());
  }

  /// Returns an inbox with other tables. Inboxes with different tables are independent: an event
  /// has one effect in each of them.
  ///
  /// @param prefix the beginning of the names, such as `orders_inbox` or `app.orders_inbox`
  public JdbcInbox withTables(String prefix) {
    if (!TABLES.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" must have up to 40 letters, digits and _, after a schema and a dot if needed"
              .formatted(prefix));
    }
    return new JdbcInbox(receiver, new InboxTables(tables.dialect(), prefix), maxWait, clock);
  }

  /// Returns an inbox that lets the events of a run take effect in order: it stores an event and
  /// holds it back while the version in its `X-Runhook-Previous-Version` has not taken effect. That
  /// is the version that was sent to this webhook before, so filters leave no gaps. After the
  /// longest wait, the event takes effect without it, and it is stale if it comes later.
  ///
  /// No signature covers the header. Someone who can change requests can delay an event for the
  /// longest wait, or let it take effect without those before it, but not let it take effect twice
  /// or after a later one.
  ///
  /// Call [#release] every few seconds. Otherwise, an event that was held for long enough waits for
  /// the next event of its run.
  ///
  /// @param longestWait such as a minute; zero does not hold back events
  public JdbcInbox withOrder(Duration longestWait) {
    if (longestWait.isNegative()) {
      throw new IllegalArgumentException("the longest wait is negative");
    }
    return new JdbcInbox(receiver, tables, longestWait, clock);
  }

  /// Returns an inbox that takes the time from this clock.
  public JdbcInbox withClock(InstantSource source) {
    return new JdbcInbox(receiver, tables, maxWait, source);
  }

  /// The statements that create the tables and their indexes, for a migration of the service.
  public String ddl() {
    return tables.ddl();
  }

  /// Creates the tables that do not exist. MySQL commits the transaction of the connection.
  public void createTables(Connection connection) throws SQLException {
    tables.create(connection);
  }

  /// Verifies a delivery and lets its event take effect once. A delivery that does not verify does
  /// not use the connection. With [#withOrder], events that were held back may take effect too.
  ///
  /// A delivery of the same event that another transaction is processing waits for it, and is a
  /// duplicate if that commits. An event whose version is 64 or more below the latest of its run
  /// counts as a duplicate, too.
  ///
  /// @param connection in a transaction of the caller
  /// @param header returns the value of a request header, or null; names are case-insensitive
  /// @param body the received bytes
  /// @return the response, after the caller has committed
  /// @throws E if the handler does; roll back and respond with 500 then
  /// @throws SQLException if the database fails, for example because it ended a deadlock; roll back
  ///   and respond with 500 then
  /// @throws IllegalStateException if the connection commits each statement (auto-commit)
  public <E extends Exception> DeliveryResult receive(
      Connection connection,
      Function<String, @Nullable String> header,
      byte[] body,
      InboxHandler<E> handler)
      throws SQLException, E {
    DeliveryResult result = receiver.verify(header, body);
    String id = header.apply("webhook-id");
    if (result != DeliveryResult.ACCEPTED || id == null) {
      return result;
    }
    requireTransaction(connection);
    return receive(connection, InboxEvent.of(id, body), previous(header), handler);
  }

  /// Does the same and commits. On PostgreSQL, this saves a round trip: the handler is called
  /// first, and then the commit is sent together with the inbox's statement. If the event must not
  /// take effect now, the run has changed since the transaction began, or the handler throws, the
  /// transaction is rolled back, and the event is received as by [#receive] and in `READ
  /// COMMITTED`, unless the thread was interrupted. So the handler may be called in vain, once
  /// more, or before those of earlier events, but nothing of that is committed.
  ///
  /// The effect must be in this transaction only. The run is locked after the rows of the effect,
  /// so that two deliveries of one event at the same time may end in a deadlock, which the database
  /// ends, and the server sends the event again.
  ///
  /// @param connection in a transaction of the caller that contains nothing else. On PostgreSQL,
  ///   its isolation must be `REPEATABLE READ`, so that a handler that began before an earlier
  ///   event was committed is noticed. Set it in the connection pool, because setting it for each
  ///   transaction takes a round trip, too
  /// @throws IllegalStateException if the connection has auto-commit or a lower isolation
  public <E extends Exception> DeliveryResult receiveAndCommit(
      Connection connection,
      Function<String, @Nullable String> header,
      byte[] body,
      InboxHandler<E> handler)
      throws SQLException, E {
    DeliveryResult result = receiver.verify(header, body);
    String id = header.apply("webhook-id");
    if (result != DeliveryResult.ACCEPTED || id == null) {
      return result;
    }
    requireTransaction(connection);
    InboxEvent event = InboxEvent.of(id, body);
    long previous = previous(header);
    if (!handleAndCommit(connection, event, previous, handler)) {
      tables.setReadCommitted(connection);
      result = receive(connection, event, previous, handler);
      connection.commit();
    }
    return result;
  }

  private <E extends Exception> boolean handleAndCommit(
      Connection connection, InboxEvent event, long previous, InboxHandler<E> handler)
      throws SQLException, E {
    RunVersion version = event.runVersion().orElse(null);
    if (version == null || tables.dialect() != InboxDialect.POSTGRESQL) {
      return false;
    }
    try {
      handler.handle(event);
      if (tables.advanceAndCommit(connection, version, previous, clock.millis())) {
        return true;
      }
    } catch (Exception e) {
      if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // perhaps only because the event has taken effect before or comes too early
    }
    connection.rollback();
    return false;
  }

  private long previous(Function<String, @Nullable String> header) {
    return maxWait.isZero() ? 0 : RunVersion.parse(header.apply("X-Runhook-Previous-Version"));
  }

  private <E extends Exception> DeliveryResult receive(
      Connection connection, InboxEvent event, long previous, InboxHandler<E> handler)
      throws SQLException, E {
    RunVersion version = event.runVersion().orElse(null);
    return version == null
        ? receiveUnordered(connection, event, handler)
        : receive(connection, event, version, previous, handler);
  }

  private <E extends Exception> DeliveryResult receiveUnordered(
      Connection connection, InboxEvent event, InboxHandler<E> handler) throws SQLException, E {
    if (!tables.add(connection, event.id(), clock.millis())) {
      return DeliveryResult.DUPLICATE;
    }
    handler.handle(event);
    return DeliveryResult.ACCEPTED;
  }

  private <E extends Exception> DeliveryResult receive(
      Connection connection,
      InboxEvent event,
      RunVersion version,
      long previous,
      InboxHandler<E> handler)
      throws SQLException, E {
    long now = clock.millis();
    if (tables.advance(connection, version, previous, now)) {
      handler.handle(event);
      return DeliveryResult.ACCEPTED;
    }
    InboxRun run = tables.lock(connection, version.key(), now);
    if (run.hasReceived(version.version())) {
      return DeliveryResult.DUPLICATE;
    }
    if (version.version() < run.version()) {
      tables.save(connection, run.receive(version.version()), now);
      handler.handleStale(event);
      return DeliveryResult.STALE;
    }
    boolean hasGap = previous > run.version();
    if (!hasGap && run.held() == 0) {
      tables.save(connection, run.receive(version.version()), now);
      handler.handle(event);
      return DeliveryResult.ACCEPTED;
    }
    if (!tables.hold(
        connection, event, version, previous, hasGap ? now + maxWait.toMillis() : now)) {
      return DeliveryResult.DUPLICATE;
    }
    run = run.withHeld(run.held() + 1);
    tables.save(connection, run, now);
    long reached = release(connection, run, now, handler);
    return version.version() <= reached ? DeliveryResult.ACCEPTED : DeliveryResult.HELD;
  }

  /// Lets events of one run take effect that were held back for the longest wait. Call it in a
  /// transaction for each run until it returns false, every few seconds. Several processes may do
  /// so at the same time.
  ///
  /// If the handler throws, roll back: the events are tried again by later calls, which may choose
  /// other runs first.
  ///
  /// @param connection in a transaction of the caller
  /// @return whether there was such a run
  public <E extends Exception> boolean release(Connection connection, InboxHandler<E> handler)
      throws SQLException, E {
    requireTransaction(connection);
    long now = clock.millis();
    List<String> runs = tables.findDueRuns(connection, now, DUE_RUNS);
    if (runs.isEmpty()) {
      return false;
    }
    String run = runs.get(ThreadLocalRandom.current().nextInt(runs.size()));
    release(connection, tables.lock(connection, run, now), now, handler);
    return true;
  }

  /// Lets the events of a locked run take effect, in order, that have no gap before them or are not
  /// later than one that is due. Returns the latest version of the run.
  private <E extends Exception> long release(
      Connection connection, InboxRun locked, long now, InboxHandler<E> handler)
      throws SQLException, E {
    InboxRun run = locked;
    long due = tables.findDueVersion(connection, run.key(), now);
    while (true) {
      HeldEvent held = tables.findLowestHeld(connection, run.key()).orElse(null);
      if (held == null || (held.version() > due && held.previousVersion() > run.version())) {
        return run.version();
      }
      Optional<InboxEvent> event = tables.take(connection, held);
      if (event.isEmpty()) { // another transaction took it, and this one reads an old snapshot
        return run.version();
      }
      InboxRun before = run;
      run = before.receive(held.version()).withHeld(before.held() - 1);
      tables.save(connection, run, now);
      if (held.version() > before.version()) {
        handler.handle(event.get());
      } else if (!before.hasReceived(held.version())) {
        handler.handleStale(event.get());
      }
    }
  }

  /// Deletes the ids of events that were received longer ago than this, and the runs without held
  /// events that have not changed since. Call it in a transaction of its own until it returns less
  /// than the limit. It reads the whole table of runs, which has a row for each of them.
  ///
  /// @param age more than the server stores events, because it can send them again until then: 31
  ///   days unless the operator has changed the retention of 30 days
  /// @param limit how many rows to delete at most
  /// @return how many were deleted
  public int deleteOlderThan(Connection connection, Duration age, int limit) throws SQLException {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit must be at least 1");
    }
    return tables.deleteBefore(connection, clock.millis() - age.toMillis(), limit);
  }

  private static void requireTransaction(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new IllegalStateException(
          "the connection commits each statement: call setAutoCommit(false), so that the event"
              + " and its effect commit together");
    }
  }
}
