package dev.runhook.domain.account;

import dev.runhook.domain.text.TextLimits;

/// What a token permits: a role in one account, for all of its stacks or some of them.
///
/// @param name a label for the token, shown to users: 1 to 200 characters, not blank, without
///   control characters; names are not unique
public record Grant(
    TokenId token, AccountId account, Role role, StackScope stackScope, String name) {
  private static final int MAX_NAME = 200;

  public Grant {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "a token's name has 1 to " + MAX_NAME + " characters and is not blank");
    }
    TextLimits.requirePrintable("a token's name", name);
  }
}
