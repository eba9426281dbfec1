package dev.runhook.persistence.access;

import dev.runhook.application.spi.Sessions;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.WebSession;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

public final class JdbiSessions implements Sessions {
  private final TransactionScope transactionScope;

  public JdbiSessions(TransactionScope session) {
    this.transactionScope = session;
  }

  @Override
  public void add(WebSession added) {
    UnnestParameters.of(List.of(added))
        .instants("started", WebSession::startedAt)
        .instants("used", WebSession::lastUsedAt)
        .bindTo(
            transactionScope.update(
                """
                insert into runhook.session (id, token_hash, started_at, last_used_at)
                values (decode(:id, 'hex'), decode(:token, 'hex'), (:started)[1], (:used)[1])
                """))
        .bind("id", added.id().hex())
        .bind("token", added.token().hex())
        .execute();
  }

  @Override
  public Optional<WebSession> find(SessionId id) {
    return transactionScope
        .query("select * from runhook.session where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .map((row, _) -> read(row))
        .findOne();
  }

  @Override
  public void touch(SessionId id) {
    transactionScope
        .update("update runhook.session set last_used_at = now() where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .execute();
  }

  @Override
  public void end(SessionId id) {
    transactionScope
        .update("delete from runhook.session where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .execute();
  }

  /// What another unit ends at this moment is left to it.
  @Override
  public void endOlderThan(Instant started, Instant used) {
    UnnestParameters.of(List.of(started))
        .instants("started", moment -> moment)
        .instants("used", _ -> used)
        .bindTo(
            transactionScope.update(
                """
                delete from runhook.session where id in (
                  select id from runhook.session
                  where started_at < (:started)[1] or last_used_at < (:used)[1]
                  order by id
                  for update skip locked)
                """))
        .execute();
  }

  private static WebSession read(ResultSet row) throws SQLException {
    return new WebSession(
        new SessionId(HexFormat.of().formatHex(row.getBytes("id"))),
        new TokenHash(HexFormat.of().formatHex(row.getBytes("token_hash"))),
        Timestamps.read(row, "started_at"),
        Timestamps.read(row, "last_used_at"));
  }
}
