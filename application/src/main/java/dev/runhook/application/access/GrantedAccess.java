package dev.runhook.application.access;

import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.Refusal.NotPermitted;
import dev.runhook.application.Refusal.TokenDamaged;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenText;
import dev.runhook.domain.run.StackId;
import java.util.Map;
import java.util.Optional;

final class GrantedAccess implements Access {
  private final Map<TokenHash, Grant> fixed;
  private final KnownTokens tokens;
  private final Rates rates;

  GrantedAccess(Map<TokenHash, Grant> fixed, KnownTokens tokens, Rates rates) {
    this.fixed = Map.copyOf(fixed);
    this.tokens = tokens;
    this.rates = rates;
  }

  @Override
  public Grant authenticate(String token, String origin) {
    TokenHash hash = TokenHash.of(token);
    Grant grant = findFixed(hash).orElseGet(() -> stored(token, hash, origin));
    rates.admit(grant.token());
    return grant;
  }

  @Override
  public Grant recall(TokenHash hash, String origin) {
    Grant grant =
        findFixed(hash).or(() -> tokens.find(hash)).orElseGet(() -> unknown(hash, origin));
    rates.admit(grant.token());
    return grant;
  }

  /// One after the other, and all of them: a fixed token may be a person's choice, and how long the
  /// search takes must not tell how near a guess comes to it.
  private Optional<Grant> findFixed(TokenHash hash) {
    Optional<Grant> found = Optional.empty();
    for (Map.Entry<TokenHash, Grant> entry : fixed.entrySet()) {
      if (entry.getKey().equals(hash)) {
        found = Optional.of(entry.getValue());
      }
    }
    return found;
  }

  private Grant stored(String token, TokenHash hash, String origin) {
    return switch (TokenText.lookOf(token)) {
      case FOREIGN -> throw refused(new NotAuthenticated());
      case DAMAGED -> throw refused(new TokenDamaged());
      case WHOLE -> tokens.find(hash).orElseGet(() -> unknown(hash, origin));
    };
  }

  private Grant unknown(TokenHash hash, String origin) {
    rates.admitUnknown(origin);
    return tokens
        .lookUp(hash)
        .orElseThrow(() -> {
          rates.chargeUnknown(origin);
          return refused(new NotAuthenticated());
        });
  }

  @Override
  public void permit(Grant grant, Role needed) {
    if (!grant.role().covers(needed)) {
      throw refused(new NotPermitted(needed));
    }
  }

  @Override
  public StackId permit(Grant grant, Role needed, String stack) {
    if (!grant.reach().includes(stack)) {
      throw refused(new NoSuchStack(stack));
    }
    permit(grant, needed);
    return new StackId(grant.account(), stack);
  }

  @Override
  public void charge(Grant grant, int more) {
    rates.charge(grant.token(), more);
  }

  @Override
  public void revoked(TokenId token) {
    tokens.forget(token);
  }

  @Override
  public void tidy() {
    rates.forgetIdle();
    tokens.keepUses();
  }

  private static RefusedException refused(Refusal refusal) {
    return new RefusedException(refusal);
  }
}
