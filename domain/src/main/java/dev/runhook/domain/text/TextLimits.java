package dev.runhook.domain.text;

/// The limits of free text, in UTF-16 code units. The messages do not quote it.
public final class TextLimits {
  /// Of names, logins, branches and hashes.
  public static final int MAX_NAME = 256;

  public static final int MAX_LABEL = 128;

  /// Of URLs, and of references to a repository.
  public static final int MAX_URL = 2048;

  /// Of descriptions, notes and commands.
  public static final int MAX_TEXT = 4096;

  public static final int MAX_COMMIT_MESSAGE = 16_384;

  private TextLimits() {}

  /// Requires that the text has at most `max` characters, and that PostgreSQL and JSON can store it
  /// unchanged.
  public static void require(String what, String text, int max) {
    if (text.length() > max) {
      throw new IllegalArgumentException(what + " is longer than " + max + " characters");
    }
    // a loop and not a stream, because every text that is read from the store is checked as well
    for (int i = 0; i < text.length(); i++) {
      int codePoint = text.codePointAt(i);
      if (codePoint == 0) {
        throw new IllegalArgumentException(what + " contains a NUL character");
      }
      if (isUnpairedSurrogate(codePoint)) {
        throw new IllegalArgumentException(what + " contains an unpaired surrogate");
      }
      i += Character.charCount(codePoint) - 1;
    }
  }

  /// Requires the same as [#require], and that the text is not blank.
  public static void requireNonBlank(String what, String text, int max) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(what + " is blank");
    }
    require(what, text, max);
  }

  /// Returns the text, without its end if it has more than `max` characters. The two code units of
  /// a character stay together.
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    boolean isInCharacter = Character.isSurrogatePair(text.charAt(max - 1), text.charAt(max));
    return text.substring(0, isInCharacter ? max - 1 : max);
  }

  /// Returns the text, with `…` instead of its end if it has more than `max` characters.
  public static String shorten(String text, int max) {
    return text.length() <= max ? text : cut(text, max - 1) + "…";
  }

  /// Requires that each character is [Printable].
  public static void requirePrintable(String what, String text) {
    if (!text.codePoints().allMatch(Printable::isPrintable)) {
      throw new IllegalArgumentException(
          what + " contains a control character, an invisible one or an unpaired surrogate");
    }
  }

  private static boolean isUnpairedSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
