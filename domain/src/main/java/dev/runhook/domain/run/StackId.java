package dev.runhook.domain.run;

import dev.runhook.domain.account.AccountId;
import java.util.regex.Pattern;

/// The id of a stack: its account and a slug that the user chooses, unique in the account. The slug
/// has 1 to 128 letters, digits, `.`, `_` or `-`, and begins with a letter or digit.
public record StackId(AccountId account, String slug) {
  private static final Pattern SLUG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public static boolean isValidSlug(String slug) {
    return SLUG.matcher(slug).matches();
  }

  public StackId {
    if (!isValidSlug(slug)) {
      throw new IllegalArgumentException(
          "a stack's id has 1 to 128 letters, digits, dots, underscores and hyphens, and begins"
              + " with a letter or digit");
    }
  }

  @Override
  public String toString() {
    return account + "/" + slug;
  }
}
