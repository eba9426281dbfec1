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

  /// Saves when tokens were last used. Keeps the later time if one is stored, and ignores unknown
  /// tokens.
  void saveLastUsed(Map<TokenId, Instant> uses);
}
