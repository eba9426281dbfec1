package dev.runhook.persistence;

import dev.runhook.application.spi.Sessions;
import dev.runhook.domain.account.PageSession;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.TokenHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

final class JdbiSessions implements Sessions {
  private final Session session;

  JdbiSessions(Session session) {
    this.session = session;
  }

  @Override
  public void add(PageSession added) {
    Columns.of(List.of(added))
        .instants("started", PageSession::startedAt)
        .instants("used", PageSession::usedAt)
        .bindTo(
            session.update(
                """
                insert into runhook.session (id, token_hash, started_at, used_at)
                values (decode(:id, 'hex'), decode(:token, 'hex'), (:started)[1], (:used)[1])
                """))
        .bind("id", added.id().hex())
        .bind("token", added.token().hex())
        .execute();
  }

  @Override
  public Optional<PageSession> find(SessionId id) {
    return session
        .query("select * from runhook.session where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .map((row, _) -> read(row))
        .findOne();
  }

  @Override
  public void keepUse(SessionId id) {
    session
        .update("update runhook.session set used_at = now() where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .execute();
  }

  @Override
  public void end(SessionId id) {
    session
        .update("delete from runhook.session where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .execute();
  }

  /// What another unit ends at this moment is left to it.
  @Override
  public void endOlder(Instant started, Instant used) {
    Columns.of(List.of(started))
        .instants("started", moment -> moment)
        .instants("used", _ -> used)
        .bindTo(
            session.update(
                """
                delete from runhook.session where id in (
                  select id from runhook.session
                  where started_at < (:started)[1] or used_at < (:used)[1]
                  order by id
                  for update skip locked)
                """))
        .execute();
  }

  private static PageSession read(ResultSet row) throws SQLException {
    return new PageSession(
        new SessionId(HexFormat.of().formatHex(row.getBytes("id"))),
        new TokenHash(HexFormat.of().formatHex(row.getBytes("token_hash"))),
        Moments.read(row, "started_at"),
        Moments.read(row, "used_at"));
  }
}
