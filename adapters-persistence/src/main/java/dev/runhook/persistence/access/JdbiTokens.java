package dev.runhook.persistence.access;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Tokens;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.persistence.jdbi.KeysetPage;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

public final class JdbiTokens implements Tokens {
  private static final UUID BEYOND_ALL = new UUID(-1, -1);

  private final TransactionScope transactionScope;

  public JdbiTokens(TransactionScope session) {
    this.transactionScope = session;
  }

  @Override
  public void add(Token token, TokenHash hash) {
    UnnestParameters.of(List.of(token))
        .textArrays("stacks", TokenMapper::stacks)
        .instants("created", Token::createdAt)
        .instants("used", row -> row.lastUsedAt().orElse(null))
        .instants("revoked", row -> row.revokedAt().orElse(null))
        .bindTo(
            transactionScope.update(
                """
                insert into runhook.token (id, account, hash, name, role, stacks, created_at, created_by, last_used_at, revoked_at)
                values (:id, :account, decode(:hash, 'hex'), :name, :role, (:stacks)[1]::text[], (:created)[1], :by, (:used)[1], (:revoked)[1])
                """))
        .bind("id", token.grant().token().value())
        .bind("account", token.grant().account().name())
        .bind("hash", hash.hex())
        .bind("name", token.grant().name())
        .bind("role", token.grant().role().name())
        .bind("by", token.createdBy())
        .execute();
  }

  @Override
  public Optional<Token> find(TokenId id) {
    return transactionScope
        .query("select * from runhook.token where id = :id")
        .bind("id", id.value())
        .map((row, _) -> TokenMapper.read(row))
        .findOne();
  }

  @Override
  public Optional<Token> findByHash(TokenHash hash) {
    return transactionScope
        .query("select * from runhook.token where hash = decode(:hash, 'hex')")
        .bind("hash", hash.hex())
        .map((row, _) -> TokenMapper.read(row))
        .findOne();
  }

  @Override
  public Page<Token> list(TokenScope scope, PageRequest page) {
    List<String> within = TokenMapper.stacks(scope.stackScope());
    List<Token> fetched =
        UnnestParameters.of(within == null ? List.<String>of() : within)
            .texts("within", slug -> slug)
            .bindTo(
                transactionScope.query(
                    """
                    select * from runhook.token
                    where (:account::text is null or account = :account) and (:all or stacks <@ :within) and id < :after
                    order by id desc
                    limit :limit
                    """))
            .bind("account", scope.account().map(account -> account.name()).orElse(null))
            .bind("all", within == null)
            .bind("after", KeysetPage.after(page).orElse(BEYOND_ALL))
            .bind("limit", page.limit() + 1)
            .map((row, _) -> TokenMapper.read(row))
            .list();
    return Page.of(fetched, page, token -> token.grant().token().toString());
  }

  @Override
  public void revoke(TokenId id) {
    transactionScope
        .update("update runhook.token set revoked_at = now() where id = :id and revoked_at is null")
        .bind("id", id.value())
        .execute();
  }

  /// Locked by id first, so that two processes which tell of the same tokens do not wait for each
  /// other in a circle.
  @Override
  public void saveLastUsed(Map<TokenId, Instant> uses) {
    UnnestParameters.of(uses.entrySet())
        .uuids("ids", use -> use.getKey().value())
        .instants("moments", Map.Entry::getValue)
        .bindTo(
            transactionScope.update(
                """
                update runhook.token t set last_used_at = u.moment
                from (select k.id, a.moment
                      from unnest(:ids, :moments) as a (id, moment)
                      join runhook.token k on k.id = a.id
                      where k.last_used_at is null or k.last_used_at < a.moment
                      order by k.id
                      for update of k) u
                where t.id = u.id
                """))
        .execute();
  }
}
