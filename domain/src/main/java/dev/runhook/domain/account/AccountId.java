package dev.runhook.domain.account;

import java.util.regex.Pattern;

/// The name of an account (a tenant): a slug that is also a valid subdomain, with 1 to 63 lowercase
/// letters, digits and inner hyphens.
public record AccountId(String name) {
  private static final Pattern SLUG = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public static boolean isValid(String name) {
    return SLUG.matcher(name).matches();
  }

  public AccountId {
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          "an account has 1 to 63 lowercase letters, digits and inner hyphens, not \"%s\""
              .formatted(name));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
