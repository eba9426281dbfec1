package dev.runhook.persistence;

import dev.runhook.application.spi.AccountWebhooks;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.StatsQueries;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.application.spi.account.AuditEvents;
import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.application.spi.account.Sessions;
import dev.runhook.application.spi.account.Tokens;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Replays;
import dev.runhook.persistence.access.JdbiAuditEvents;
import dev.runhook.persistence.access.JdbiIdempotencyKeys;
import dev.runhook.persistence.access.JdbiSessions;
import dev.runhook.persistence.access.JdbiTokens;
import dev.runhook.persistence.delivery.JdbiDeliveries;
import dev.runhook.persistence.delivery.JdbiReplays;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.run.AppendJournalEntry;
import dev.runhook.persistence.run.JdbiEvents;
import dev.runhook.persistence.run.JdbiRuns;
import dev.runhook.persistence.run.JdbiStacks;
import dev.runhook.persistence.run.KnownRuns;
import dev.runhook.persistence.run.RunLocks;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.stats.JdbiStatsQueries;
import dev.runhook.persistence.webhook.JdbiAccountWebhooks;
import dev.runhook.persistence.webhook.JdbiWebhooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/// A unit of work in a PostgreSQL transaction, either of [JdbiTransactor] or of a host.
///
/// A unit that joins a host's transaction never commits, rolls back or closes anything. It is valid
/// until that transaction ends; do not keep it for the next transaction on the same connection. It
/// cannot decrypt secrets, because recording does not need them.
public final class JdbiUnitOfWork implements UnitOfWork {
  static final String READ_COMMITTED = "read committed";

  private final TransactionScope transaction;
  private final SecretCipher cipher;
  private final RunLocks locks;
  private final Deliveries deliveries;
  private volatile boolean ended;

  JdbiUnitOfWork(
      Handle handle, BooleanSupplier transactionEnded, SecretCipher cipher, KnownRuns known) {
    this.transaction = new TransactionScope(handle, () -> ended || transactionEnded.getAsBoolean());
    this.cipher = cipher;
    this.locks = new RunLocks(transaction, known);
    this.deliveries = new JdbiDeliveries(transaction, cipher);
  }

  /// Joins the open transaction of a host's handle.
  ///
  /// @throws IllegalStateException if the handle has no open transaction
  public static JdbiUnitOfWork joining(Handle handle) {
    if (!handle.isInTransaction()) {
      throw new IllegalStateException("the handle has no transaction to join; begin one first");
    }
    return joining(handle.getConnection());
  }

  /// Joins the open transaction of a host's connection, with the tables in the schema `runhook`.
  ///
  /// @throws IllegalStateException if the connection is closed, commits automatically or is
  ///   read-only, or if its isolation level is not read committed: at another one, it would not see
  ///   the deliveries that others complete while it waits for their locks, and events would be lost
  ///   or sent in a wrong order
  public static JdbiUnitOfWork joining(Connection connection) {
    return joining(connection, BucketSchema.ONLY);
  }

  /// Joins the open transaction of a host's connection as the other method does.
  ///
  /// @param schema contains the tables
  public static JdbiUnitOfWork joining(Connection connection, BucketSchema schema) {
    try {
      if (connection.isClosed() || connection.getAutoCommit()) {
        throw new IllegalStateException(
            "the connection has no transaction to join; call setAutoCommit(false) first");
      }
      if (connection.isReadOnly()) {
        throw new IllegalStateException("the transaction to join is read-only");
      }
      // A Jdbi for one connection never closes it. It ignores the configuration of the host's Jdbi.
      Handle handle = JdbiFactory.configure(Jdbi.create(connection), schema).open();
      // The server opens the transaction with the first statement, so that hasEnded() can see it.
      String isolation = isolationLevel(handle);
      if (!isolation.equals(READ_COMMITTED)) {
        throw new IllegalStateException(
            "the transaction to join has the isolation level %s; begin it at READ COMMITTED"
                .formatted(isolation.toUpperCase(Locale.ROOT)));
      }
      return new JdbiUnitOfWork(
          handle, () -> hasEnded(connection), SecretCipher.none(), new KnownRuns());
    } catch (SQLException e) {
      throw SqlErrors.translate(
          "joining a transaction", new IllegalStateException("cannot join the transaction", e));
    }
  }

  static String isolationLevel(Handle handle) {
    return handle.createQuery("show transaction_isolation").mapTo(String.class).one();
  }

  /// Whether the host has ended the transaction. The driver knows without a round trip.
  private static boolean hasEnded(Connection connection) {
    try {
      return connection.isClosed()
          || connection.getAutoCommit()
          || connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    } catch (SQLException ignored) {
      return true;
    }
  }

  void end() {
    ended = true;
  }

  void afterCommit() {
    locks.afterCommit();
  }

  @Override
  public Instant now() {
    return transaction.now();
  }

  @Override
  public List<LeasedDelivery> append(JournalEntry entry, Duration leaseDuration) {
    return new AppendJournalEntry(transaction, locks).append(entry, leaseDuration);
  }

  @Override
  public Stacks stacks() {
    return new JdbiStacks(transaction);
  }

  @Override
  public Runs runs() {
    return new JdbiRuns(transaction, locks);
  }

  @Override
  public Events events() {
    return new JdbiEvents(transaction);
  }

  @Override
  public Webhooks webhooks() {
    return new JdbiWebhooks(transaction, cipher);
  }

  @Override
  public AccountWebhooks accountWebhooks() {
    return new JdbiAccountWebhooks(transaction, cipher);
  }

  @Override
  public Deliveries deliveries() {
    return deliveries;
  }

  @Override
  public Tokens tokens() {
    return new JdbiTokens(transaction);
  }

  @Override
  public Sessions sessions() {
    return new JdbiSessions(transaction);
  }

  @Override
  public Replays replays() {
    return new JdbiReplays(transaction);
  }

  @Override
  public IdempotencyKeys idempotencyKeys() {
    return new JdbiIdempotencyKeys(transaction);
  }

  @Override
  public StatsQueries statsQueries() {
    return new JdbiStatsQueries(transaction);
  }

  @Override
  public AuditEvents auditEvents() {
    return new JdbiAuditEvents(transaction);
  }
}
