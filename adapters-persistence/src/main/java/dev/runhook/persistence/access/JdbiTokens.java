package dev.runhook.persistence.access;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.account.Tokens;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `token`.
public final class JdbiTokens implements Tokens {
  private static final String HAS_SIGN_IN_CODE =
      """
      sign_in_code_hash = decode(:code, 'hex') and sign_in_code_expires_at > now()
        and revoked_at is null and (expires_at is null or expires_at > now())
      """;

  private final TransactionScope transaction;

  public JdbiTokens(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public void add(Token token, TokenHash hash) {
    transaction
        .update(
            """
            insert into runhook.token (id, account, hash, name, role, stacks, created_at, created_by, expires_at,
              last_used_at, revoked_at)
            values (:grant.token.value, :grant.account.name, decode(:hash, 'hex'), :grant.name, :grant.role, :stacks,
              :createdAt, :createdBy, :expiresAt, :lastUsedAt, :revokedAt)
            """)
        .bindMethods(token)
        .bind("hash", hash.hex())
        .bind("stacks", slugs(token))
        .execute();
  }

  @Override
  public Optional<Token> find(TokenId id) {
    return transaction
        .query("select * from runhook.token where id = :id")
        .bind("id", id.value())
        .map((row, ignored) -> read(row))
        .findOne();
  }

  @Override
  public Map<TokenHash, Token> findByHash(Set<TokenHash> hashes) {
    return UnnestParameters.of(hashes)
        .texts("hashes", TokenHash::hex)
        .bindTo(
            transaction.query(
                """
                select u.hex, t.* from unnest(:hashes) as u (hex)
                join runhook.token t on t.hash = decode(u.hex, 'hex')
                """))
        .map((row, ignored) -> Map.entry(new TokenHash(row.getString("hex")), read(row)))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  @Override
  public Page<Token> list(TokenScope scope, PageRequest page) {
    List<Token> fetched =
        UnnestParameters.bindScope(
                scope.stackScope(),
                transaction.query(
                    """
                    select * from runhook.token
                    where (:account::text is null or account = :account) and (:allStacks or stacks <@ :slugs)
                      and id < :before
                    order by id desc limit :limit
                    """))
            .bind("account", scope.account().map(account -> account.name()).orElse(null))
            .bind("before", IdRange.upperBound(page))
            .bind("limit", page.limit() + 1)
            .map((row, ignored) -> read(row))
            .list();
    return Page.of(fetched, page, token -> token.grant().token().toString());
  }

  @Override
  public void rename(TokenId id, String name) {
    transaction
        .update("update runhook.token set name = :name where id = :id")
        .bind("id", id.value())
        .bind("name", name)
        .execute();
  }

  @Override
  public void revoke(TokenId id) {
    transaction
        .update("update runhook.token set revoked_at = now() where id = :id and revoked_at is null")
        .bind("id", id.value())
        .execute();
  }

  @Override
  public void setSignInCode(TokenId id, TokenHash code, Instant expiresAt) {
    transaction
        .update(
            """
            update runhook.token
            set sign_in_code_hash = decode(:code, 'hex'), sign_in_code_expires_at = :expiresAt where id = :id
            """)
        .bind("id", id.value())
        .bind("code", code.hex())
        .bind("expiresAt", expiresAt)
        .execute();
  }

  @Override
  public Optional<TokenHash> findBySignInCode(TokenHash code) {
    return transaction
        .query("select hash from runhook.token where " + HAS_SIGN_IN_CODE)
        .bind("code", code.hex())
        .map((row, ignored) -> readHash(row))
        .findOne();
  }

  @Override
  public Optional<TokenHash> useSignInCode(TokenHash code) {
    return transaction
        .query(
            "update runhook.token set sign_in_code_hash = null, sign_in_code_expires_at = null where "
                + HAS_SIGN_IN_CODE
                + " returning hash")
        .bind("code", code.hex())
        .map((row, ignored) -> readHash(row))
        .findOne();
  }

  private static TokenHash readHash(ResultSet row) throws SQLException {
    return new TokenHash(HexFormat.of().formatHex(row.getBytes("hash")));
  }

  /// Locks the rows in the order of their ids, so that two processes that save the same tokens do
  /// not deadlock.
  @Override
  public void saveLastUsed(Map<TokenId, Instant> uses) {
    UnnestParameters.of(uses.entrySet())
        .uuids("ids", use -> use.getKey().value())
        .instants("times", Map.Entry::getValue)
        .bindTo(
            transaction.update(
                """
                update runhook.token t set last_used_at = u.used_at
                from (select k.id, a.used_at
                      from unnest(:ids, :times) as a (id, used_at)
                      join runhook.token k on k.id = a.id
                      where k.last_used_at is null or k.last_used_at < a.used_at
                      order by k.id for update of k) u
                where t.id = u.id
                """))
        .execute();
  }

  private static Token read(ResultSet row) throws SQLException {
    Grant grant =
        new Grant(
            new TokenId(row.getObject("id", UUID.class)),
            new AccountId(row.getString("account")),
            Role.valueOf(row.getString("role")),
            readScope(row),
            row.getString("name"));
    return new Token(
        grant,
        SqlValues.instant(row, "created_at"),
        row.getString("created_by"),
        SqlValues.findInstant(row, "expires_at"),
        SqlValues.findInstant(row, "last_used_at"),
        SqlValues.findInstant(row, "revoked_at"));
  }

  /// The value of the column `stacks`: null for all stacks.
  private static String @Nullable [] slugs(Token token) {
    return switch (token.grant().stackScope()) {
      case All() -> null;
      case Only(var slugs) -> slugs.stream().sorted().toArray(String[]::new);
    };
  }

  private static StackScope readScope(ResultSet row) throws SQLException {
    return row.getArray("stacks") == null
        ? new All()
        : new Only(Set.copyOf(SqlValues.texts(row, "stacks")));
  }
}
