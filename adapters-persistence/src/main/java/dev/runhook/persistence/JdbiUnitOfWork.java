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
import org.jdbi.v3.core.Handle;

/// A unit of work in a PostgreSQL transaction: one of [JdbiTransactor]'s, or a host's own that it
/// joins.
///
/// A joined unit neither commits nor rolls back nor closes anything: all of that stays with the
/// host. It is good until the host's transaction ends; do not keep it for the next one on the same
/// connection. Secrets that are kept encrypted it does not open, for it needs none.
public final class JdbiUnitOfWork implements UnitOfWork {
  private final TransactionScope transactionScope;
  private volatile boolean ended;

  private JdbiUnitOfWork(Handle handle, TransactionScope.Lifetime lifetime, SecretCipher cipher) {
    this.transactionScope = new TransactionScope(handle, () -> ended || lifetime.isEnded(), cipher);
  }

  /// Joins the transaction that is open on the host's handle; an [IllegalStateException] where none
  /// is.
  public static JdbiUnitOfWork joining(Handle handle) {
    if (!handle.isInTransaction()) {
      throw new IllegalStateException("the handle has no transaction to join; begin one first");
    }
    return joining(handle.getConnection());
  }

  /// Joins the transaction that is open on the host's connection; an [IllegalStateException] where
  /// it commits by itself.
  public static JdbiUnitOfWork joining(Connection connection) {
    JoinedTransaction joined = JoinedTransaction.on(connection);
    return new JdbiUnitOfWork(joined.handle(), joined, SecretCipher.none());
  }

  public static JdbiUnitOfWork on(Handle handle) {
    return on(handle, SecretCipher.none());
  }

  static JdbiUnitOfWork on(Handle handle, SecretCipher cipher) {
    return new JdbiUnitOfWork(handle, () -> false, cipher);
  }

  void end() {
    ended = true;
  }

  @Override
  public Instant now() {
    return transactionScope.now();
  }

  @Override
  public Stacks stacks() {
    return new JdbiStacks(transactionScope);
  }

  @Override
  public Runs runs() {
    return new JdbiRuns(transactionScope);
  }

  @Override
  public Events events() {
    return new JdbiEvents(transactionScope);
  }

  @Override
  public Webhooks webhooks() {
    return new JdbiWebhooks(transactionScope);
  }

  @Override
  public Deliveries deliveries() {
    return new JdbiDeliveries(transactionScope);
  }

  @Override
  public Tokens tokens() {
    return new JdbiTokens(transactionScope);
  }

  @Override
  public Sessions sessions() {
    return new JdbiSessions(transactionScope);
  }

  @Override
  public IdempotencyKeys idempotencyKeys() {
    return new JdbiIdempotencyKeys(transactionScope);
  }

  @Override
  public StatsQueries statsQueries() {
    return new JdbiStatsQueries(transactionScope);
  }

  @Override
  public AuditEvents auditEvents() {
    return new JdbiAuditEvents(transactionScope);
  }
}
