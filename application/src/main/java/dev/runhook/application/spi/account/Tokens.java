package dev.runhook.application.spi.account;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The tokens of all accounts, including revoked ones. Stores only hashes of token secrets.
public interface Tokens {
  /// Adds a token with a new id and a new hash.
  void add(Token token, TokenHash hash);

  /// Finds the token in any account, even if it is revoked.
  Optional<Token> find(TokenId id);

  /// Returns the tokens with these hashes in any account, including revoked ones.
  Map<TokenHash, Token> findByHash(Set<TokenHash> hashes);

  /// Returns the tokens in the scope, the newest first.
  Page<Token> list(TokenScope scope, PageRequest page);

  /// Renames the token. Ignores an unknown token.
  void rename(TokenId id, String name);

  /// Revokes the token at this unit's instant. Ignores an unknown or revoked token.
  void revoke(TokenId id);

  /// Stores the hash of a code that signs in once with this token. Ignores an unknown token.
  void setSignInCode(TokenId id, TokenHash code, Instant expiresAt);

  /// Returns the hash of the token to which the code belongs. It is empty if the code is unknown,
  /// was used, or has expired at this unit's instant, or if the token is not valid then.
  Optional<TokenHash> findBySignInCode(TokenHash code);

  /// Forgets the code and returns what [#findBySignInCode] does. Of several calls at the same time,
  /// only one gets a token.
  Optional<TokenHash> useSignInCode(TokenHash code);

  /// Saves when tokens were last used. Keeps the later time if one is stored, and ignores unknown
  /// tokens.
  void saveLastUsed(Map<TokenId, Instant> uses);
}
