package dev.runhook.outbound;

import java.util.List;

/// How a library writes JSON.
///
/// @param title for people, after "written anew"
record JsonStyle(
    String title, Spacing spacing, Escapes escapes, Keys keys, boolean numbersOfJavaScript) {
  /// Between the parts of a value.
  ///
  /// @param indent of each level; empty for all on one line
  record Spacing(String comma, String colon, String indent, boolean arraysOnOneLine) {
    static final Spacing NONE = new Spacing(",", ":", "", true);
    static final Spacing SPACES = new Spacing(", ", ": ", "", true);
    static final Spacing TWO = indented("  ");
    static final Spacing FOUR = indented("    ");
    static final Spacing TAB = indented("\t");
    static final Spacing JACKSON = new Spacing(",", " : ", "  ", true);

    private static Spacing indented(String indent) {
      return new Spacing(",", ": ", indent, false);
    }

    boolean isIndented() {
      return !indent.isEmpty();
    }
  }

  /// Which characters are escaped besides those that JSON demands.
  enum Escapes {
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
  enum Keys {
    AS_READ,
    SORTED,
    /// That of our payloads.
    RUNHOOK
  }

  /// The likelier first.
  static final List<JsonStyle> KNOWN =
      List.of(
          new JsonStyle(
              "as JSON.stringify of JavaScript does",
              Spacing.NONE,
              Escapes.NONE,
              Keys.AS_READ,
              true),
          style("compact", Spacing.NONE, Escapes.NONE),
          style("as json.dumps of Python does", Spacing.SPACES, Escapes.ASCII),
          style(
              "as json.dumps of Python does with ensure_ascii=False", Spacing.SPACES, Escapes.NONE),
          style("compact, with all but ASCII escaped", Spacing.NONE, Escapes.ASCII),
          new JsonStyle(
              "compact, in the order of Runhook's fields",
              Spacing.NONE,
              Escapes.NONE,
              Keys.RUNHOOK,
              false),
          sorted("as json.dumps of Python does with sort_keys=True", Spacing.SPACES, Escapes.ASCII),
          sorted("compact, with sorted fields", Spacing.NONE, Escapes.NONE),
          sorted("compact, with sorted fields, all but ASCII escaped", Spacing.NONE, Escapes.ASCII),
          sorted("as json.Marshal of Go writes a map", Spacing.NONE, Escapes.HTML),
          style("as json.Marshal of Go writes a struct", Spacing.NONE, Escapes.HTML),
          style("as json_encode of PHP does", Spacing.NONE, Escapes.PHP),
          style("as System.Text.Json of .NET does", Spacing.NONE, Escapes.DOTNET),
          style("with an indent of two", Spacing.TWO, Escapes.NONE),
          style("with an indent of four", Spacing.FOUR, Escapes.NONE),
          style("with an indent of two, all but ASCII escaped", Spacing.TWO, Escapes.ASCII),
          style("with an indent of four, all but ASCII escaped", Spacing.FOUR, Escapes.ASCII),
          sorted("with an indent of two and sorted fields", Spacing.TWO, Escapes.NONE),
          style("with an indent of a tab", Spacing.TAB, Escapes.NONE),
          style("as Jackson of Java indents", Spacing.JACKSON, Escapes.NONE));

  private static JsonStyle style(String title, Spacing spacing, Escapes escapes) {
    return new JsonStyle(title, spacing, escapes, Keys.AS_READ, false);
  }

  private static JsonStyle sorted(String title, Spacing spacing, Escapes escapes) {
    return new JsonStyle(title, spacing, escapes, Keys.SORTED, false);
  }
}
