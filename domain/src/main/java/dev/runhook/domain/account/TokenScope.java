package dev.runhook.domain.account;

import java.util.Optional;

/// The tokens that a user may list and revoke.
///
/// @param account absent for the tokens of all accounts
/// @param stackScope limits the tokens to those whose own scope this one covers
public record TokenScope(Optional<AccountId> account, StackScope stackScope) {
  /// The scope of the server's operator.
  public static TokenScope all() {
    return new TokenScope(Optional.empty(), new StackScope.All());
  }

  /// The scope of an admin: tokens that can access no more than the admin's own token.
  public static TokenScope of(Grant grant) {
    return new TokenScope(Optional.of(grant.account()), grant.stackScope());
  }

  public boolean includes(Token token) {
    Grant grant = token.grant();
    return account.map(grant.account()::equals).orElse(true)
        && stackScope.covers(grant.stackScope());
  }
}
