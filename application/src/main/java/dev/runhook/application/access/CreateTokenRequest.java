package dev.runhook.application.access;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.StackId;
import java.time.Instant;
import java.util.Optional;

/// A request to create a token.
///
/// @param name as in [Grant]
/// @param stackScope all stacks, or 1 to 200 stacks that do not have to exist yet
/// @param expiresAt when the token stops working; absent for never
public record CreateTokenRequest(
    String name, Role role, StackScope stackScope, Optional<Instant> expiresAt) {
  private static final int MAX_STACKS = 200;
  private static final AccountId ANY_ACCOUNT = new AccountId("any");

  public CreateTokenRequest {
    new Grant(TokenId.CONFIGURED_ADMIN, ANY_ACCOUNT, role, stackScope, name);
    if (stackScope instanceof Only(var stacks)) {
      if (stacks.isEmpty() || stacks.size() > MAX_STACKS) {
        throw new IllegalArgumentException(
            "a limited token has 1 to " + MAX_STACKS + " stacks; omit them to allow all stacks");
      }
      stacks.forEach(slug -> new StackId(ANY_ACCOUNT, slug));
    }
  }

  /// Requests a token that never expires.
  public CreateTokenRequest(String name, Role role, StackScope stackScope) {
    this(name, role, stackScope, Optional.empty());
  }

  Grant toGrant(TokenId id, AccountId account) {
    return new Grant(id, account, role, stackScope, name);
  }
}
