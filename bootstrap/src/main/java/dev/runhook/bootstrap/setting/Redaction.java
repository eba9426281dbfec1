package dev.runhook.bootstrap.setting;

import java.util.regex.Pattern;

/// Masks passwords and secrets in text that is printed or logged.
final class Redaction {
  static final String MASK = "…";

  /// Matches up to the last `@` before the path, because an unencoded password may contain one.
  private static final Pattern PASSWORD_OF_USER = Pattern.compile("(//[^/?#:]*):[^/?#]*@");

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;][^=&;]*(?:password|passphrase|secret|token|key)[^=&;]*=)[^&;]*");

  private Redaction() {}

  /// Masks the password of the user and the values of parameters whose names suggest a secret.
  static String url(String url) {
    String withoutPassword = PASSWORD_OF_USER.matcher(url).replaceAll("$1:" + MASK + "@");
    return PARAMETER.matcher(withoutPassword).replaceAll("$1" + MASK);
  }
}
