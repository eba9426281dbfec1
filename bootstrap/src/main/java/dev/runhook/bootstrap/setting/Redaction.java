package dev.runhook.bootstrap.setting;

import java.util.regex.Pattern;

/// Takes out of a text what nobody but the operator may read.
final class Redaction {
  static final String MASK = "…";

  /// Up to the last `@` before the path: a password that was not encoded may hold one too.
  private static final Pattern PASSWORD_OF_USER = Pattern.compile("(//[^/?#:]*):[^/?#]*@");

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;][^=&;]*(?:password|passphrase|secret|token|key)[^=&;]*=)[^&;]*");

  private Redaction() {}

  /// The URL without the password of its user and without the values of parameters that sound like
  /// secrets.
  static String url(String url) {
    String withoutPassword = PASSWORD_OF_USER.matcher(url).replaceAll("$1:" + MASK + "@");
    return PARAMETER.matcher(withoutPassword).replaceAll("$1" + MASK);
  }
}
