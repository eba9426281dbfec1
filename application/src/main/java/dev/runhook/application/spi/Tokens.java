package dev.runhook.application.spi;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The tokens of all accounts, the revoked ones too. Of their texts only hashes are here.
public interface Tokens {
  /// Adds a token, whose id and hash are new.
  void add(Token token, TokenHash hash);

  /// The token of any account, also one that is revoked.
  Optional<Token> find(TokenId id);

  /// The token of any account whose text has that hash, also one that is revoked.
  Optional<Token> findByHash(TokenHash hash);

  /// Those in scope, the newest first.
  Page<Token> list(TokenScope scope, PageRequest page);

  /// Revokes it as of this unit's instant; one that is revoked already stays as it is, and one that
  /// is not there is no error.
  void revoke(TokenId id);

  /// Keeps when tokens were used. The latest use counts; those of unknown tokens are passed over.
  void saveLastUsed(Map<TokenId, Instant> uses);
}
