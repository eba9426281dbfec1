package dev.runhook.domain.text;

import java.util.Arrays;

/// A pattern in which stars stand for any number of characters, including none, and every other
/// character for itself. Case matters, and the whole text must match. Matching takes at most one
/// step for each pair of a character of the pattern and one of the text.
public final class Glob {
  /// Tokens that are no characters.
  private static final int WITHIN_SEGMENT = -1;

  private static final int ANYTHING = -2;

  private final int[] tokens;

  private Glob(int[] tokens) {
    this.tokens = tokens;
  }

  /// Returns a pattern in which `*` stands for any characters.
  public static Glob of(String pattern) {
    return new Glob(pattern.chars().map(c -> c == '*' ? ANYTHING : c).toArray());
  }

  /// Returns a pattern in which `*` stands for any characters except `/`, and `**` for any
  /// characters.
  public static Glob ofPaths(String pattern) {
    int[] tokens = new int[pattern.length()];
    int count = 0;
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.startsWith("**", i)) {
        tokens[count++] = ANYTHING;
        i++;
      } else {
        tokens[count++] = pattern.charAt(i) == '*' ? WITHIN_SEGMENT : pattern.charAt(i);
      }
    }
    return new Glob(Arrays.copyOf(tokens, count));
  }

  /// Reads each character of the text once.
  public boolean matches(CharSequence text) {
    // matched[n] says whether the characters so far match the first n tokens
    boolean[] matched = new boolean[tokens.length + 1];
    matched[0] = true;
    skipStars(matched);
    for (int i = 0; i < text.length(); i++) {
      accept(text.charAt(i), matched);
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
