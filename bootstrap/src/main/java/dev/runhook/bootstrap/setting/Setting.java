package dev.runhook.bootstrap.setting;

import java.util.function.Function;
import java.util.regex.Pattern;

/// A setting with its name, default and parser.
///
/// @param name without the prefix `RUNHOOK_`
/// @param defaultValue as text; empty if the setting is optional or an empty list
/// @param parse throws [IllegalArgumentException] with a message that follows the name of the
///   variable and quotes no secret
/// @param description for users, in Markdown
public record Setting<T>(
    String name, String defaultValue, Kind kind, Function<String, T> parse, String description) {
  static final String PREFIX = "RUNHOOK_";
  private static final String MASK = "…";

  /// Matches up to the last `@` before the path, because an unencoded password may contain one.
  private static final Pattern PASSWORD_OF_USER = Pattern.compile("(//[^/?#:]*):[^/?#]*@");

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;][^=&;]*(?:password|passphrase|secret|token|key)[^=&;]*=)[^&;]*");

  /// Which parts of the value are secret.
  public enum Kind {
    PLAIN,
    /// A URL that may contain a password.
    URL,
    SECRET;

    /// Returns whether the value can also come from a file.
    boolean mayComeFromFile() {
      return this != PLAIN;
    }
  }

  String variable() {
    return PREFIX + name;
  }

  /// Returns the variable for a file that contains the value.
  String fileVariable() {
    return variable() + "_FILE";
  }

  /// Masks the secret parts of a value.
  String redacted(String text) {
    return switch (kind) {
      case PLAIN -> text;
      case URL -> redactUrl(text);
      case SECRET -> MASK;
    };
  }

  /// Masks the user's password and the values of parameters whose names suggest a secret.
  static String redactUrl(String url) {
    String withoutPassword = PASSWORD_OF_USER.matcher(url).replaceAll("$1:" + MASK + "@");
    return PARAMETER.matcher(withoutPassword).replaceAll("$1" + MASK);
  }
}
