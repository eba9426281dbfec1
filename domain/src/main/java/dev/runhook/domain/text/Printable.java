package dev.runhook.domain.text;

/// Which characters can be shown. The others are control characters, unpaired surrogates, and
/// invisible characters that separate lines or change the direction of text. Joiners can be shown,
/// because they are part of many scripts.
public final class Printable {
  private Printable() {}

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
