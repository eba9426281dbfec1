package dev.runhook.application.access;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.StackId;

/// A token as somebody wants it.
///
/// @param name as that of a [Grant]
/// @param reach all stacks, or 1 to 200, which need not exist yet
public record NewToken(String name, Role role, StackScope stackScope) {
  private static final int MOST_STACKS = 200;
  private static final AccountId ANY_ACCOUNT = new AccountId("any");

  public NewToken {
    new Grant(TokenId.CONFIGURED_ADMIN, ANY_ACCOUNT, role, stackScope, name);
    if (stackScope instanceof Only(var stacks)) {
      if (stacks.isEmpty() || stacks.size() > MOST_STACKS) {
        throw new IllegalArgumentException(
            "a limited token names 1 to "
                + MOST_STACKS
                + " stacks; leave them out for one of all stacks");
      }
      stacks.forEach(slug -> new StackId(ANY_ACCOUNT, slug));
    }
  }

  Grant toGrant(TokenId id, AccountId account) {
    return new Grant(id, account, role, stackScope, name);
  }
}
