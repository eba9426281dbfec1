package dev.runhook.outbound.payload;

import java.util.List;

/// How a library writes JSON.
///
/// @param title for people, after "written anew"
record JsonDialect(
    String description,
    Spacing spacing,
    EscapeRule escapeRule,
    KeyOrder keyOrder,
    boolean javaScriptNumbers) {
  /// Between the parts of a value.
  ///
  /// @param indent of each level; empty for all on one line
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

  /// Which characters are escaped besides those that JSON demands.
  enum EscapeRule {
    NONE,
    /// All that is not ASCII.
    ASCII,
    /// `<`, `>`, `&` and the line separators of Unicode.
    HTML,
    /// The slash, and all that is not ASCII.
    PHP,
    /// What might harm in HTML, and all that is not ASCII, in upper-case digits.
    DOTNET
  }

  /// The order of an object's fields.
  enum KeyOrder {
    AS_PARSED,
    SORTED,
    /// That of our payloads.
    RUNHOOK
  }

  /// The likelier first.
  static final List<JsonDialect> ALL =
      List.of(
          new JsonDialect(
              "as JSON.stringify of JavaScript does",
              Spacing.COMPACT,
              EscapeRule.NONE,
              KeyOrder.AS_PARSED,
              true),
          style("compact", Spacing.COMPACT, EscapeRule.NONE),
          style("as json.dumps of Python does", Spacing.SPACED, EscapeRule.ASCII),
          style(
              "as json.dumps of Python does with ensure_ascii=False",
              Spacing.SPACED,
              EscapeRule.NONE),
          style("compact, with all but ASCII escaped", Spacing.COMPACT, EscapeRule.ASCII),
          new JsonDialect(
              "compact, in the order of Runhook's fields",
              Spacing.COMPACT,
              EscapeRule.NONE,
              KeyOrder.RUNHOOK,
              false),
          sorted(
              "as json.dumps of Python does with sort_keys=True", Spacing.SPACED, EscapeRule.ASCII),
          sorted("compact, with sorted fields", Spacing.COMPACT, EscapeRule.NONE),
          sorted(
              "compact, with sorted fields, all but ASCII escaped",
              Spacing.COMPACT,
              EscapeRule.ASCII),
          sorted("as json.Marshal of Go writes a map", Spacing.COMPACT, EscapeRule.HTML),
          style("as json.Marshal of Go writes a struct", Spacing.COMPACT, EscapeRule.HTML),
          style("as json_encode of PHP does", Spacing.COMPACT, EscapeRule.PHP),
          style("as System.Text.Json of .NET does", Spacing.COMPACT, EscapeRule.DOTNET),
          style("with an indent of two", Spacing.INDENT_TWO, EscapeRule.NONE),
          style("with an indent of four", Spacing.INDENT_FOUR, EscapeRule.NONE),
          style(
              "with an indent of two, all but ASCII escaped", Spacing.INDENT_TWO, EscapeRule.ASCII),
          style(
              "with an indent of four, all but ASCII escaped",
              Spacing.INDENT_FOUR,
              EscapeRule.ASCII),
          sorted("with an indent of two and sorted fields", Spacing.INDENT_TWO, EscapeRule.NONE),
          style("with an indent of a tab", Spacing.INDENT_TAB, EscapeRule.NONE),
          style("as Jackson of Java indents", Spacing.JACKSON, EscapeRule.NONE));

  private static JsonDialect style(String title, Spacing spacing, EscapeRule escapes) {
    return new JsonDialect(title, spacing, escapes, KeyOrder.AS_PARSED, false);
  }

  private static JsonDialect sorted(String title, Spacing spacing, EscapeRule escapes) {
    return new JsonDialect(title, spacing, escapes, KeyOrder.SORTED, false);
  }
}
