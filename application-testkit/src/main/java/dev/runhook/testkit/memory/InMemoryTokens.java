package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.account.Tokens;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

final class InMemoryTokens implements Tokens {
  private final InMemoryUnitOfWork unit;

  InMemoryTokens(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public void add(Token token, TokenHash hash) {
    InMemoryDatabase inMemoryDatabase = unit.database();
    TokenId id = token.grant().token();
    if (inMemoryDatabase.tokens.containsKey(id)
        || inMemoryDatabase.tokenIdsByHash.containsKey(hash)) {
      throw new IllegalStateException("duplicate token id or hash");
    }
    inMemoryDatabase.tokens.put(id, token);
    inMemoryDatabase.tokenIdsByHash.put(hash, id);
  }

  @Override
  public Optional<Token> find(TokenId id) {
    return Optional.ofNullable(unit.database().tokens.get(id));
  }

  @Override
  public Optional<Token> findByHash(TokenHash hash) {
    return Optional.ofNullable(unit.database().tokenIdsByHash.get(hash)).flatMap(this::find);
  }

  @Override
  public Page<Token> list(TokenScope scope, PageRequest page) {
    List<Token> tokens =
        unit.database().tokens.values().stream()
            .filter(scope::includes)
            .sorted(comparing(InMemoryTokens::key).reversed())
            .toList();
    return KeysetPages.descending(tokens, page, InMemoryTokens::key, UUID::fromString);
  }

  @Override
  public void rename(TokenId id, String name) {
    change(id, token -> token.withName(name));
  }

  @Override
  public void revoke(TokenId id) {
    change(
        id,
        token ->
            new Token(
                token.grant(),
                token.createdAt(),
                token.createdBy(),
                token.expiresAt(),
                token.lastUsedAt(),
                token.revokedAt().or(() -> Optional.of(unit.now()))));
  }

  @Override
  public void saveLastUsed(Map<TokenId, Instant> uses) {
    uses.forEach((id, use) -> change(id, token -> used(token, use)));
  }

  private static Token used(Token token, Instant use) {
    Instant latest = token.lastUsedAt().filter(use::isBefore).orElse(use);
    return new Token(
        token.grant(),
        token.createdAt(),
        token.createdBy(),
        token.expiresAt(),
        Optional.of(latest),
        token.revokedAt());
  }

  private void change(TokenId id, UnaryOperator<Token> change) {
    unit.database().tokens.computeIfPresent(id, (ignored, token) -> change.apply(token));
  }

  private static UUID key(Token token) {
    return token.grant().token().value();
  }
}
