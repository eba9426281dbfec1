package dev.runhook.application.access;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenSecret;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Creates, lists and revokes tokens. Callers check permissions with [Access] first.
public interface TokenAdmin {
  /// @param random a cryptographically strong generator
  /// @param onRevoked called after each revocation is committed, usually [Access#invalidate]
  static TokenAdmin using(
      Transactor transactor, IdGenerator ids, RandomGenerator random, Consumer<TokenId> onRevoked) {
    return new TransactionalTokenAdmin(transactor, ids, random, onRevoked);
  }

  /// A new token with its secret, which cannot be read again.
  record CreatedToken(Token token, TokenSecret secret) {}

  /// Returns this port for the calls of one idempotent request.
  TokenAdmin within(IdempotencyScope scope);

  /// Creates a token in the creator's account. A scope wider than the creator's own is refused.
  CreatedToken create(NewToken newToken, Grant creator);

  /// Lists the tokens in scope, including revoked ones, newest first.
  Page<Token> list(TokenScope scope, PageRequest page);

  /// Revokes a token in scope permanently. A token that is already revoked is ignored.
  void revoke(TokenScope scope, TokenId id, Actor actor);
}
