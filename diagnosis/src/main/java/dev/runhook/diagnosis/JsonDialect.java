package dev.runhook.diagnosis;

import java.util.List;

/// How a library writes JSON.
///
/// @param description follows "parsed and serialized again" in a sentence
record JsonDialect(
    Spacing spacing, Escapes escapes, KeyOrder keyOrder, Numbers numbers, String description) {
  /// White space between the parts of a value.
  enum Spacing {
    COMPACT(",", ":", ""),
    SPACED(", ", ": ", ""),
    TWO_SPACES(",", ": ", "  "),
    FOUR_SPACES(",", ": ", "    "),
    TABS(",", ": ", "\t"),
    /// Jackson's default: arrays on one line, and spaces inside brackets.
    JACKSON(",", " : ", "  ");

    final String comma;
    final String colon;

    /// The indent of one level; empty to write everything on one line.
    final String indent;

    Spacing(String comma, String colon, String indent) {
      this.comma = comma;
      this.colon = colon;
      this.indent = indent;
    }
  }

  /// The characters that are escaped in addition to those that JSON requires.
  enum Escapes {
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

  /// The order of the keys of an object. `RUNHOOK` is the order of Runhook's payloads.
  enum KeyOrder {
    PARSED,
    SORTED,
    RUNHOOK
  }

  /// The format of numbers: as they were parsed, or as JavaScript writes them.
  enum Numbers {
    PARSED,
    JAVASCRIPT
  }

  /// All dialects, the most likely first.
  static final List<JsonDialect> ALL =
      """
      COMPACT     NONE   PARSED  JAVASCRIPT like JavaScript's JSON.stringify
      COMPACT     NONE   PARSED  PARSED     compact
      SPACED      ASCII  PARSED  PARSED     like Python's json.dumps
      SPACED      NONE   PARSED  PARSED     like Python's json.dumps with ensure_ascii=False
      COMPACT     ASCII  PARSED  PARSED     compact, non-ASCII characters escaped
      COMPACT     NONE   RUNHOOK PARSED     compact, keys in Runhook's order
      SPACED      ASCII  SORTED  PARSED     like Python's json.dumps with sort_keys=True
      COMPACT     NONE   SORTED  PARSED     compact, keys sorted
      COMPACT     ASCII  SORTED  PARSED     compact, keys sorted, non-ASCII characters escaped
      COMPACT     HTML   SORTED  PARSED     like Go's json.Marshal of a map
      COMPACT     HTML   PARSED  PARSED     like Go's json.Marshal of a struct
      COMPACT     PHP    PARSED  PARSED     like PHP's json_encode
      COMPACT     DOTNET PARSED  PARSED     like .NET's System.Text.Json
      TWO_SPACES  NONE   PARSED  PARSED     indented by two spaces
      FOUR_SPACES NONE   PARSED  PARSED     indented by four spaces
      TWO_SPACES  ASCII  PARSED  PARSED     indented by two spaces, non-ASCII characters escaped
      FOUR_SPACES ASCII  PARSED  PARSED     indented by four spaces, non-ASCII characters escaped
      TWO_SPACES  NONE   SORTED  PARSED     indented by two spaces, keys sorted
      TABS        NONE   PARSED  PARSED     indented by tabs
      JACKSON     NONE   PARSED  PARSED     indented like Jackson
      """
          .lines()
          .map(line -> line.split(" +", 5))
          .map(cells ->
              new JsonDialect(
                  Spacing.valueOf(cells[0]),
                  Escapes.valueOf(cells[1]),
                  KeyOrder.valueOf(cells[2]),
                  Numbers.valueOf(cells[3]),
                  cells[4]))
          .toList();
}
