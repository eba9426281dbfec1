package dev.runhook.domain.filter;

import dev.runhook.domain.text.Glob;
import dev.runhook.domain.text.TextLimits;

/// A pattern of branch names. `*` stands for any characters except `/`, `**` for any characters,
/// and every other character for itself. Case matters, and the whole name must match. After a
/// leading `!`, the pattern excludes branches.
final class BranchPattern {
  private static final char EXCLUSION = '!';
  private static final String UNSUPPORTED = "?[\\";

  private final String text;
  private final Glob glob;

  private BranchPattern(String text, Glob glob) {
    this.text = text;
    this.glob = glob;
  }

  /// @throws IllegalArgumentException with the position of the mistake
  static BranchPattern parse(String text) {
    TextLimits.require("a branch pattern", text, TextLimits.MAX_NAME);
    TextLimits.requirePrintable("a branch pattern", text);
    int start = text.indexOf(EXCLUSION) == 0 ? 1 : 0;
    if (text.length() == start) {
      throw new IllegalArgumentException("must not be empty");
    }
    for (int i = start; i < text.length(); i++) {
      check(text, i, start);
    }
    return new BranchPattern(text, Glob.ofPaths(text.substring(start)));
  }

  private static void check(String text, int at, int start) {
    char character = text.charAt(at);
    if (UNSUPPORTED.indexOf(character) >= 0) {
      throw invalid("\"" + character + "\"", at, "use * or **");
    }
    if (at == start && character == EXCLUSION) {
      throw invalid("another !", at, "one excludes");
    }
    boolean isAtEnd = at == start || at == text.length() - 1;
    if (isAtEnd && Character.isWhitespace(character)) {
      throw invalid("a space", at, "no branch begins or ends with one");
    }
    if (text.startsWith("***", at)) {
      throw invalid("a third *", at + 2, "** stands for any characters");
    }
  }

  private static IllegalArgumentException invalid(String what, int at, String hint) {
    return new IllegalArgumentException(
        "must not have %s at character %s; %s".formatted(what, at + 1, hint));
  }

  String text() {
    return text;
  }

  boolean isExclusion() {
    return text.charAt(0) == EXCLUSION;
  }

  /// Returns whether the name has this form, even if the pattern excludes such branches.
  boolean matches(CharSequence branch) {
    return glob.matches(branch);
  }
}
