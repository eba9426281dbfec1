package dev.runhook.persistence;

import dev.runhook.application.spi.AuditEvents;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.IdempotencyKeys;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Sessions;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.StatsQueries;
import dev.runhook.application.spi.Tokens;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.persistence.access.JdbiAuditEvents;
import dev.runhook.persistence.access.JdbiIdempotencyKeys;
import dev.runhook.persistence.access.JdbiSessions;
import dev.runhook.persistence.access.JdbiTokens;
import dev.runhook.persistence.delivery.JdbiDeliveries;
import dev.runhook.persistence.jdbi.JoinedTransaction;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.run.JdbiEvents;
import dev.runhook.persistence.run.JdbiRuns;
import dev.runhook.persistence.run.JdbiStacks;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.stats.JdbiStatsQueries;
import dev.runhook.persistence.webhook.JdbiWebhooks;
import java.sql.Connection;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/// A unit of work in a PostgreSQL transaction, either of [JdbiTransactor] or of a host.
///
/// A unit that joins a host's transaction never commits, rolls back or closes anything. It is valid
/// until that transaction ends; do not keep it for the next transaction on the same connection. It
/// cannot decrypt secrets, because recording does not need them.
public final class JdbiUnitOfWork implements UnitOfWork {
  private final TransactionScope transaction;
  private final SecretCipher cipher;
  private volatile boolean ended;

  private JdbiUnitOfWork(Handle handle, BooleanSupplier transactionEnded, SecretCipher cipher) {
    this.transaction = new TransactionScope(handle, () -> ended || transactionEnded.getAsBoolean());
    this.cipher = cipher;
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

  /// Joins the open transaction of a host's connection.
  ///
  /// @throws IllegalStateException if the connection commits automatically
  public static JdbiUnitOfWork joining(Connection connection) {
    JoinedTransaction joined = JoinedTransaction.on(connection);
    return new JdbiUnitOfWork(joined.handle(), joined::hasEnded, SecretCipher.none());
  }

  static JdbiUnitOfWork on(Handle handle, SecretCipher cipher) {
    return new JdbiUnitOfWork(handle, () -> false, cipher);
  }

  void end() {
    ended = true;
  }

  @Override
  public Instant now() {
    return transaction.now();
  }

  @Override
  public Stacks stacks() {
    return new JdbiStacks(transaction);
  }

  @Override
  public Runs runs() {
    return new JdbiRuns(transaction);
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
  public Deliveries deliveries() {
    return new JdbiDeliveries(transaction, cipher);
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
