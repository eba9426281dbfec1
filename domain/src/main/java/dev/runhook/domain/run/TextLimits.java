package dev.runhook.domain.run;

/// The limits that all free texts of stacks and runs share.
final class TextLimits {
  static final int MAX_LENGTH = 65_536;

  private TextLimits() {}

  /// Returns the text if it is short enough and if PostgreSQL and JSON can store it unchanged.
  static String require(String what, String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(what + " is longer than " + MAX_LENGTH + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException(what + " contains a NUL character");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new IllegalArgumentException(what + " contains an unpaired surrogate");
        }
        i++;
      }
    }
    return text;
  }

  static String requireNonBlank(String what, String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(what + " is blank");
    }
    return require(what, text);
  }
}
