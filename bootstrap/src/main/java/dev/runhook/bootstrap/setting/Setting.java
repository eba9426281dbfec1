package dev.runhook.bootstrap.setting;

import java.util.function.Function;

/// One thing that an operator can set: what it is called, what it is when nobody says anything, how
/// its text is read, and what it means.
///
/// @param name without the `RUNHOOK_` before it
/// @param usual the default as text; empty for a setting that may be absent, or an empty list
/// @param parse throws [IllegalArgumentException] with a message that goes on after the variable's
///   name, and quotes no secret
/// @param meaning for people, in Markdown
record Setting<T>(
    String name, String defaultValue, Kind kind, Function<String, T> parse, String description) {
  static final String PREFIX = "RUNHOOK_";

  /// How much of the value may be shown.
  enum Kind {
    PLAIN,
    /// A URL, which may hold a password.
    URL,
    SECRET;

    /// Whether a file that holds the value can be named instead.
    boolean mayComeFromFile() {
      return this != PLAIN;
    }
  }

  static <T> Setting<T> of(String name, String usual, Function<String, T> parse, String meaning) {
    return new Setting<>(name, usual, Kind.PLAIN, parse, meaning);
  }

  /// One that holds a URL.
  static <T> Setting<T> url(String name, Function<String, T> parse, String meaning) {
    return new Setting<>(name, "", Kind.URL, parse, meaning);
  }

  /// One that is shown to nobody.
  static <T> Setting<T> secret(String name, Function<String, T> parse, String meaning) {
    return new Setting<>(name, "", Kind.SECRET, parse, meaning);
  }

  String variable() {
    return PREFIX + name;
  }

  /// The variable that names a file with the value.
  String fileVariable() {
    return variable() + "_FILE";
  }

  /// What may be shown of a value.
  String redacted(String text) {
    return switch (kind) {
      case PLAIN -> text;
      case URL -> Redaction.url(text);
      case SECRET -> Redaction.MASK;
    };
  }
}
