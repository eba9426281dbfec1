package dev.runhook.bootstrap.setting;

import java.util.function.Function;

/// A setting with its name, default and parser.
///
/// @param name without the prefix `RUNHOOK_`
/// @param defaultValue as text; empty if the setting is optional or an empty list
/// @param parse throws [IllegalArgumentException] with a message that continues the name of the
///   variable and quotes no secret
/// @param description for users, in Markdown
record Setting<T>(
    String name, String defaultValue, Kind kind, Function<String, T> parse, String description) {
  static final String PREFIX = "RUNHOOK_";

  /// Which parts of the value are secret.
  enum Kind {
    PLAIN,
    /// A URL that may contain a password.
    URL,
    SECRET;

    /// Returns whether the value can also come from a file.
    boolean mayComeFromFile() {
      return this != PLAIN;
    }
  }

  static <T> Setting<T> of(
      String name, String defaultValue, Function<String, T> parse, String description) {
    return new Setting<>(name, defaultValue, Kind.PLAIN, parse, description);
  }

  static <T> Setting<T> url(String name, Function<String, T> parse, String description) {
    return new Setting<>(name, "", Kind.URL, parse, description);
  }

  static <T> Setting<T> secret(String name, Function<String, T> parse, String description) {
    return new Setting<>(name, "", Kind.SECRET, parse, description);
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
      case URL -> Redaction.url(text);
      case SECRET -> Redaction.MASK;
    };
  }
}
