package dev.runhook.domain.account;

/// What the bearer of a token may do: a role in one account, for all of its stacks or some.
///
/// @param name tells people whose token it is: 1 to 200 characters, not blank, none of them a
///   control character; several tokens may have the same
public record Grant(
    TokenId token, AccountId account, Role role, StackScope stackScope, String name) {
  private static final int LONGEST_NAME = 200;

  public Grant {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a token's name is 1 to " + LONGEST_NAME + " characters long and not blank");
    }
    if (name.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException(
          "a token's name has a control character or half a character in it");
    }
  }
}
