package dev.runhook.bootstrap.setting;

import java.util.regex.Pattern;

/// Takes out of a text what nobody but the operator may read.
final class Masks {
  static final String HIDDEN = "…";

  /// Up to the last `@` before the path: a password that was not encoded may hold one too.
  private static final Pattern PASSWORD_OF_USER = Pattern.compile("(//[^/?#:]*):[^/?#]*@");

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;][^=&;]*(?:password|passphrase|secret|token|key)[^=&;]*=)[^&;]*");

  private Masks() {}

  /// The URL without the password of its user and without the values of parameters that sound like
  /// secrets.
  static String url(String url) {
    String withoutPassword = PASSWORD_OF_USER.matcher(url).replaceAll("$1:" + HIDDEN + "@");
    return PARAMETER.matcher(withoutPassword).replaceAll("$1" + HIDDEN);
  }
}
