package dev.runhook.persistence.access;

import dev.runhook.application.spi.account.Sessions;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Browser;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.WebSession;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `session`.
public final class JdbiSessions implements Sessions {
  private final TransactionScope transaction;

  public JdbiSessions(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public void add(WebSession session) {
    transaction
        .update(
            """
            insert into runhook.session (id, token_hash, account, token_id, token_name, user_agent, started_at, last_used_at)
            values (decode(:id.hex, 'hex'), decode(:token.hex, 'hex'), :owner.account.name, :owner.token.value,
              :owner.name, :owner.browser.userAgent, :startedAt, :lastUsedAt)
            """)
        .bindMethods(session)
        .execute();
  }

  @Override
  public Optional<WebSession> find(SessionId id) {
    return transaction
        .query("select * from runhook.session where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .map((row, ignored) -> read(row))
        .findOne();
  }

  @Override
  public List<WebSession> list(AccountId account, Optional<TokenId> token, int limit) {
    return transaction
        .query(
            """
            select * from runhook.session
            where account = :account and (:token::uuid is null or token_id = :token::uuid)
            order by last_used_at desc, id limit :limit
            """)
        .bind("account", account.name())
        .bind("token", token.map(TokenId::value).orElse(null))
        .bind("limit", limit)
        .map((row, ignored) -> read(row))
        .list();
  }

  @Override
  public void touch(SessionId id) {
    transaction
        .update("update runhook.session set last_used_at = now() where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .execute();
  }

  @Override
  public void end(SessionId id) {
    transaction
        .update("delete from runhook.session where id = decode(:id, 'hex')")
        .bind("id", id.hex())
        .execute();
  }

  /// Skips sessions that another transaction is ending.
  @Override
  public void endUnusedSince(Instant lastUse) {
    transaction
        .update(
            """
            delete from runhook.session where id in (
              select id from runhook.session where last_used_at < :lastUse
              order by id for update skip locked)
            """)
        .bind("lastUse", lastUse)
        .execute();
  }

  /// Skips sessions that another transaction is ending.
  @Override
  public void endAllBut(int count, AccountId account, TokenId token) {
    transaction
        .update(
            """
            delete from runhook.session where id in (
              select id from runhook.session where id in (
                select id from runhook.session where account = :account and token_id = :token
                order by last_used_at desc, id offset :count)
              order by id for update skip locked)
            """)
        .bind("account", account.name())
        .bind("token", token.value())
        .bind("count", count)
        .execute();
  }

  private static WebSession read(ResultSet row) throws SQLException {
    return new WebSession(
        new SessionId(HexFormat.of().formatHex(row.getBytes("id"))),
        new TokenHash(HexFormat.of().formatHex(row.getBytes("token_hash"))),
        new WebSession.Owner(
            new AccountId(row.getString("account")),
            new TokenId(row.getObject("token_id", UUID.class)),
            row.getString("token_name"),
            new Browser(row.getString("user_agent"))),
        SqlValues.instant(row, "started_at"),
        SqlValues.instant(row, "last_used_at"));
  }
}
