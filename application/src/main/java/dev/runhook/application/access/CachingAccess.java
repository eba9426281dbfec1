package dev.runhook.application.access;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.InsufficientRole;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.Refusal.TokenMalformed;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenSecret;
import dev.runhook.domain.run.StackId;
import java.util.Map;
import java.util.Optional;

final class CachingAccess implements Access {
  private final Map<TokenHash, Grant> fixed;
  private final TokenCache tokens;
  private final RequestLimits requestLimits;

  CachingAccess(Map<TokenHash, Grant> fixed, TokenCache tokens, RequestLimits requestLimits) {
    this.fixed = Map.copyOf(fixed);
    this.tokens = tokens;
    this.requestLimits = requestLimits;
  }

  @Override
  public Grant authenticate(String token, String origin) {
    TokenHash hash = TokenHash.of(token);
    Grant grant = findFixed(hash).orElseGet(() -> authenticateStored(token, hash, origin));
    requestLimits.acquire(grant.token());
    return grant;
  }

  @Override
  public Grant authenticateByHash(TokenHash hash, String origin) {
    Grant grant =
        findFixed(hash).or(() -> tokens.find(hash)).orElseGet(() -> loadUnknown(hash, origin));
    requestLimits.acquire(grant.token());
    return grant;
  }

  /// Compares all fixed tokens in constant time: users may choose such a token, and the duration of
  /// the search must not reveal how close a guess is.
  private Optional<Grant> findFixed(TokenHash hash) {
    Optional<Grant> found = Optional.empty();
    for (Map.Entry<TokenHash, Grant> entry : fixed.entrySet()) {
      if (entry.getKey().equals(hash)) {
        found = Optional.of(entry.getValue());
      }
    }
    return found;
  }

  private Grant authenticateStored(String token, TokenHash hash, String origin) {
    return switch (TokenSecret.formatOf(token)) {
      case UNRECOGNIZED -> throw refused(new NotAuthenticated());
      case MALFORMED -> throw refused(new TokenMalformed());
      case VALID -> tokens.find(hash).orElseGet(() -> loadUnknown(hash, origin));
    };
  }

  private Grant loadUnknown(TokenHash hash, String origin) {
    requestLimits.requireUnknownPermit(origin);
    return tokens
        .load(hash)
        .orElseThrow(() -> {
          requestLimits.consumeUnknownPermit(origin);
          return refused(new NotAuthenticated());
        });
  }

  @Override
  public void authorize(Grant grant, Role needed) {
    if (!grant.role().covers(needed)) {
      throw refused(new InsufficientRole(needed));
    }
  }

  @Override
  public StackId authorize(Grant grant, Role needed, String stack) {
    if (!grant.stackScope().includes(stack)) {
      throw refused(new NoSuchStack(stack));
    }
    authorize(grant, needed);
    return new StackId(grant.account(), stack);
  }

  @Override
  public void consume(Grant grant, int more) {
    requestLimits.consume(grant.token(), more);
  }

  @Override
  public void invalidate(TokenId token) {
    tokens.invalidate(token);
  }

  @Override
  public void flush() {
    requestLimits.evictIdle();
    tokens.flushLastUsed();
  }

  private static RefusedException refused(Refusal refusal) {
    return new RefusedException(refusal);
  }
}
