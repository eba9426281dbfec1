package dev.runhook.domain.account;

import java.util.Optional;

/// Which tokens somebody may know of and revoke.
///
/// @param account absent for those of all accounts
/// @param within only tokens whose reach this covers
public record TokenScope(Optional<AccountId> account, StackScope stackScope) {
  /// For whoever runs the server.
  public static TokenScope all() {
    return new TokenScope(Optional.empty(), new StackScope.All());
  }

  /// For an admin: nothing that is wider than its own token.
  public static TokenScope of(Grant grant) {
    return new TokenScope(Optional.of(grant.account()), grant.stackScope());
  }

  public boolean includes(Token token) {
    Grant grant = token.grant();
    return account.map(grant.account()::equals).orElse(true)
        && stackScope.covers(grant.stackScope());
  }
}
