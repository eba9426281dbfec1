package dev.runhook.domain.webhook;

import dev.runhook.domain.text.TextLimits;
import java.util.Arrays;

/// A pattern of branch names. `*` stands for any characters except `/`, `**` for any characters,
/// and every other character for itself. Case matters, and the whole name must match. After a
/// leading `!`, the pattern excludes branches.
final class BranchPattern {
  private static final char EXCLUSION = '!';
  private static final String UNSUPPORTED = "?[\\";

  /// Tokens that are no characters.
  private static final int WITHIN_SEGMENT = -1;

  private static final int ANYTHING = -2;

  private final String text;
  private final int[] tokens;

  private BranchPattern(String text, int[] tokens) {
    this.text = text;
    this.tokens = tokens;
  }

  /// @throws IllegalArgumentException with the position of the mistake
  static BranchPattern parse(String text) {
    TextLimits.require("a branch pattern", text, TextLimits.MAX_NAME);
    TextLimits.requirePrintable("a branch pattern", text);
    int start = text.indexOf(EXCLUSION) == 0 ? 1 : 0;
    if (text.length() == start) {
      throw new IllegalArgumentException("must not be empty");
    }
    int[] tokens = new int[text.length() - start];
    int count = 0;
    for (int i = start; i < text.length(); i++) {
      check(text, i, start);
      if (!isStar(text, i)) {
        tokens[count++] = text.charAt(i);
      } else if (isStar(text, i + 1)) {
        tokens[count++] = ANYTHING;
        i++;
      } else {
        tokens[count++] = WITHIN_SEGMENT;
      }
    }
    return new BranchPattern(text, Arrays.copyOf(tokens, count));
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
    if (isStar(text, at) && isStar(text, at + 1) && isStar(text, at + 2)) {
      throw invalid("a third *", at + 2, "** stands for any characters");
    }
  }

  private static boolean isStar(String text, int at) {
    return at < text.length() && text.charAt(at) == '*';
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

  /// Returns whether the name has this form, also if the pattern excludes such branches. Reads each
  /// character of the name once, and compares it with each token at most once.
  boolean matches(CharSequence branch) {
    // matched[n] says whether the characters so far match the first n tokens
    boolean[] matched = new boolean[tokens.length + 1];
    matched[0] = true;
    skipStars(matched);
    for (int i = 0; i < branch.length(); i++) {
      accept(branch.charAt(i), matched);
    }
    return matched[tokens.length];
  }

  private void accept(char character, boolean[] matched) {
    matched[tokens.length] = false;
    for (int n = tokens.length - 1; n >= 0; n--) {
      int token = tokens[n];
      if (matched[n] && token == character) {
        matched[n + 1] = true;
      }
      matched[n] &= token == ANYTHING || (token == WITHIN_SEGMENT && character != '/');
    }
    skipStars(matched);
  }

  /// Stars also match no characters.
  private void skipStars(boolean[] matched) {
    for (int n = 0; n < tokens.length; n++) {
      matched[n + 1] |= matched[n] && tokens[n] < 0;
    }
  }
}
