package dev.runhook.application.access;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenSecret;
import dev.runhook.domain.audit.AuditAction;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Creates, lists and revokes tokens. Callers check permissions with [Access] first.
public final class TokenAdmin {
  private final Transactor transactor;
  private final IdGenerator ids;
  private final RandomGenerator random;
  private final Consumer<TokenId> onRevoked;
  private final AuditWriter auditWriter;

  private TokenAdmin(
      Transactor transactor, IdGenerator ids, RandomGenerator random, Consumer<TokenId> onRevoked) {
    this.transactor = transactor;
    this.ids = ids;
    this.random = random;
    this.onRevoked = onRevoked;
    this.auditWriter = new AuditWriter(ids);
  }

  /// @param random a cryptographically strong generator
  /// @param onRevoked called after each revocation is committed, usually [Access#invalidate]
  public static TokenAdmin using(
      Transactor transactor, IdGenerator ids, RandomGenerator random, Consumer<TokenId> onRevoked) {
    return new TokenAdmin(transactor, ids, random, onRevoked);
  }

  /// A new token with its secret, which cannot be read again.
  public record CreatedToken(Token token, TokenSecret secret) {}

  /// Returns this port for the calls of one idempotent request.
  public TokenAdmin within(IdempotencyScope scope) {
    return new TokenAdmin(scope.bind(transactor), ids, random, onRevoked);
  }

  /// Creates a token in the creator's account. A scope wider than the creator's own is refused.
  public CreatedToken create(NewToken newToken, Grant creator) {
    if (!creator.stackScope().covers(newToken.stackScope())) {
      throw new RefusedException(new Refusal.ScopeExceeded());
    }
    TokenSecret secret = TokenSecret.generate(random);
    Grant grant = newToken.toGrant(new TokenId(ids.next()), creator.account());
    return transactor.inTransaction(unit -> {
      Token token = Token.created(grant, unit.now(), creator.name());
      unit.tokens().add(token, secret.hash());
      audit(unit, Actor.of(creator), AuditAction.TOKEN_CREATED, grant);
      return new CreatedToken(token, secret);
    });
  }

  /// Lists the tokens in scope, including revoked ones, newest first.
  public Page<Token> list(TokenScope scope, PageRequest page) {
    return transactor.inTransaction(unit -> unit.tokens().list(scope, page));
  }

  /// Revokes a token in scope permanently. A token that is already revoked is ignored.
  public void revoke(TokenScope scope, TokenId id, Actor actor) {
    transactor.run(unit -> {
      Token token =
          unit.tokens()
              .find(id)
              .filter(scope::includes)
              .orElseThrow(() -> new RefusedException(new Refusal.NoSuchToken(id.toString())));
      unit.tokens().revoke(id);
      if (!token.isRevoked()) {
        audit(unit, actor, AuditAction.TOKEN_REVOKED, token.grant());
      }
    });
    onRevoked.accept(id);
  }

  private void audit(UnitOfWork unit, Actor actor, AuditAction action, Grant grant) {
    String detail = grant.role().name().toLowerCase(Locale.ROOT) + " \"" + grant.name() + "\"";
    auditWriter.write(
        unit, actor, action, grant.account(), Optional.of(grant.token().value()), detail);
  }
}
