package dev.runhook.domain.text;

import java.util.regex.Pattern;

/// Which characters can be shown. The others are control characters, unpaired surrogates, and
/// invisible characters that separate lines or change the direction of text. Joiners can be shown,
/// because they are part of many scripts.
public final class Printable {
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  private Printable() {}

  /// Returns the text in one line: a space for control characters and line breaks, and no invisible
  /// characters.
  public static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    BREAKS
        .matcher(text)
        .replaceAll(" ")
        .codePoints()
        .filter(Printable::isPrintable)
        .forEach(line::appendCodePoint);
    return line.toString();
  }

  /// Returns the text with escapes such as `\u202e` instead of the characters that cannot be shown.
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (isPrintable(c)) {
            escaped.appendCodePoint(c);
          } else {
            for (char unit : Character.toChars(c)) {
              escaped.append("\\u%04x".formatted((int) unit));
            }
          }
        });
    return escaped.toString();
  }

  public static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      case Character.FORMAT -> codePoint == 0x200c || codePoint == 0x200d;
      default -> true;
    };
  }
}
