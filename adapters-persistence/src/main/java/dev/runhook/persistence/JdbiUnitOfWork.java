package dev.runhook.persistence;

import dev.runhook.application.spi.AuditLog;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Glances;
import dev.runhook.application.spi.Redeliveries;
import dev.runhook.application.spi.Requests;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Sessions;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.Tokens;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
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
  private final Session session;
  private volatile boolean ended;

  private JdbiUnitOfWork(Handle handle, Session.Life life, SecretCipher cipher) {
    this.session = new Session(handle, () -> ended || life.isOver(), cipher);
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

  static JdbiUnitOfWork on(Handle handle) {
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
    return session.now();
  }

  @Override
  public Stacks stacks() {
    return new JdbiStacks(session);
  }

  @Override
  public Runs runs() {
    return new JdbiRuns(session);
  }

  @Override
  public Events events() {
    return new JdbiEvents(session);
  }

  @Override
  public Webhooks webhooks() {
    return new JdbiWebhooks(session);
  }

  @Override
  public Deliveries deliveries() {
    return new JdbiDeliveries(session);
  }

  @Override
  public Redeliveries redeliveries() {
    return new JdbiRedeliveries(session);
  }

  @Override
  public Tokens tokens() {
    return new JdbiTokens(session);
  }

  @Override
  public Sessions sessions() {
    return new JdbiSessions(session);
  }

  @Override
  public Requests requests() {
    return new JdbiRequests(session);
  }

  @Override
  public Glances glances() {
    return new JdbiGlances(session);
  }

  @Override
  public AuditLog audit() {
    return new JdbiAuditLog(session);
  }
}
