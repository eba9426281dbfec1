package dev.runhook.outbound.payload;

import java.util.List;

/// The way in which a library writes JSON.
///
/// @param description continues "reserialized"
record JsonDialect(
    String description,
    Spacing spacing,
    EscapeRule escapeRule,
    KeyOrder keyOrder,
    boolean javaScriptNumbers) {
  /// White space between the parts of a value.
  ///
  /// @param indent the indent of one level; empty to write everything on one line
  record Spacing(String comma, String colon, String indent, boolean inlineArrays) {
    static final Spacing COMPACT = new Spacing(",", ":", "", true);
    static final Spacing SPACED = new Spacing(", ", ": ", "", true);
    static final Spacing INDENT_TWO = indented("  ");
    static final Spacing INDENT_FOUR = indented("    ");
    static final Spacing INDENT_TAB = indented("\t");
    static final Spacing JACKSON = new Spacing(",", " : ", "  ", true);

    private static Spacing indented(String indent) {
      return new Spacing(",", ": ", indent, false);
    }

    boolean isIndented() {
      return !indent.isEmpty();
    }
  }

  /// The characters that are escaped in addition to those that JSON requires.
  enum EscapeRule {
    NONE,
    /// All non-ASCII characters.
    ASCII,
    /// `<`, `>`, `&` and the Unicode line separators.
    HTML,
    /// The slash and all non-ASCII characters.
    PHP,
    /// Characters with a meaning in HTML and all non-ASCII characters, in uppercase digits.
    DOTNET
  }

  /// The order of the keys of an object.
  enum KeyOrder {
    AS_PARSED,
    SORTED,
    /// The order of Runhook's payloads.
    RUNHOOK
  }

  /// All dialects, the most likely first.
  static final List<JsonDialect> ALL =
      List.of(
          new JsonDialect(
              "like JavaScript's JSON.stringify",
              Spacing.COMPACT,
              EscapeRule.NONE,
              KeyOrder.AS_PARSED,
              true),
          dialect("compact", Spacing.COMPACT, EscapeRule.NONE),
          dialect("like Python's json.dumps", Spacing.SPACED, EscapeRule.ASCII),
          dialect(
              "like Python's json.dumps with ensure_ascii=False", Spacing.SPACED, EscapeRule.NONE),
          dialect("compact, non-ASCII characters escaped", Spacing.COMPACT, EscapeRule.ASCII),
          new JsonDialect(
              "compact, keys in Runhook's order",
              Spacing.COMPACT,
              EscapeRule.NONE,
              KeyOrder.RUNHOOK,
              false),
          sortedDialect(
              "like Python's json.dumps with sort_keys=True", Spacing.SPACED, EscapeRule.ASCII),
          sortedDialect("compact, keys sorted", Spacing.COMPACT, EscapeRule.NONE),
          sortedDialect(
              "compact, keys sorted, non-ASCII characters escaped",
              Spacing.COMPACT,
              EscapeRule.ASCII),
          sortedDialect("like Go's json.Marshal of a map", Spacing.COMPACT, EscapeRule.HTML),
          dialect("like Go's json.Marshal of a struct", Spacing.COMPACT, EscapeRule.HTML),
          dialect("like PHP's json_encode", Spacing.COMPACT, EscapeRule.PHP),
          dialect("like .NET's System.Text.Json", Spacing.COMPACT, EscapeRule.DOTNET),
          dialect("indented by two spaces", Spacing.INDENT_TWO, EscapeRule.NONE),
          dialect("indented by four spaces", Spacing.INDENT_FOUR, EscapeRule.NONE),
          dialect(
              "indented by two spaces, non-ASCII characters escaped",
              Spacing.INDENT_TWO,
              EscapeRule.ASCII),
          dialect(
              "indented by four spaces, non-ASCII characters escaped",
              Spacing.INDENT_FOUR,
              EscapeRule.ASCII),
          sortedDialect("indented by two spaces, keys sorted", Spacing.INDENT_TWO, EscapeRule.NONE),
          dialect("indented by tabs", Spacing.INDENT_TAB, EscapeRule.NONE),
          dialect("indented like Jackson", Spacing.JACKSON, EscapeRule.NONE));

  private static JsonDialect dialect(String description, Spacing spacing, EscapeRule escapes) {
    return new JsonDialect(description, spacing, escapes, KeyOrder.AS_PARSED, false);
  }

  private static JsonDialect sortedDialect(
      String description, Spacing spacing, EscapeRule escapes) {
    return new JsonDialect(description, spacing, escapes, KeyOrder.SORTED, false);
  }
}
