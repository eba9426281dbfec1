package dev.runhook.domain.run;

import dev.runhook.domain.account.AccountId;
import java.util.regex.Pattern;

/// A stack: its account and the slug chosen by the user (1 to 128 letters, digits, `.`, `_`, `-`;
/// the first a letter or digit), unique in the account.
public record StackId(AccountId account, String slug) {
  private static final Pattern SLUG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /// Whether a stack can have that id at all.
  public static boolean isValidSlug(String slug) {
    return SLUG.matcher(slug).matches();
  }

  public StackId {
    if (!isValidSlug(slug)) {
      throw new IllegalArgumentException(
          "a stack's id is 1 to 128 letters, digits, dots, underscores and hyphens, and begins with a letter or digit");
    }
  }

  @Override
  public String toString() {
    return account + "/" + slug;
  }
}
