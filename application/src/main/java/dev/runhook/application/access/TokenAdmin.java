package dev.runhook.application.access;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenSecret;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// For people: creates, lists and revokes tokens. Whether they may is asked of [Access] before.
public interface TokenAdmin {
  /// @param revoked is told of each revocation when it is kept; [Access#invalidate] as a rule
  static TokenAdmin using(Transactor transactor, Sources sources, Consumer<TokenId> revoked) {
    return new TransactionalTokenAdmin(transactor, sources, revoked);
  }

  /// Where ids and texts come from.
  ///
  /// @param random a cryptographically strong generator
  record Sources(IdGenerator ids, RandomGenerator random) {}

  /// A new token, with the text that nobody can have again.
  record CreatedToken(Token token, TokenSecret secret) {}

  /// Creates a token in the creator's account; refuses one whose reach is wider than the creator's
  /// own.
  CreatedToken create(NewToken wanted, Grant creator);

  /// The tokens in scope with the revoked ones, the newest first.
  Page<Token> list(TokenScope scope, PageRequest page);

  /// Revokes a token in scope, for good; one that is revoked already is no error.
  void revoke(TokenScope scope, TokenId id, Actor actor);
}
