package dev.runhook.application.access;

import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.Refusal.NotPermitted;
import dev.runhook.application.RefusedException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import java.util.Map;

final class GrantedAccess implements Access {
  private final Map<TokenHash, Grant> fixed;

  GrantedAccess(Map<TokenHash, Grant> fixed) {
    this.fixed = Map.copyOf(fixed);
  }

  @Override
  public Grant authenticate(String token) {
    Grant grant = fixed.get(TokenHash.of(token));
    if (grant == null) {
      throw new RefusedException(new NotAuthenticated());
    }
    return grant;
  }

  @Override
  public void permit(Grant grant, Role needed) {
    if (!grant.role().covers(needed)) {
      throw new RefusedException(new NotPermitted(needed));
    }
  }

  @Override
  public StackId permit(Grant grant, Role needed, String stack) {
    if (!grant.reach().includes(stack)) {
      throw new RefusedException(new NoSuchStack(stack));
    }
    permit(grant, needed);
    return new StackId(grant.account(), stack);
  }
}
