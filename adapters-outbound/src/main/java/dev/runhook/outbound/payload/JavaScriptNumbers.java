package dev.runhook.outbound.payload;

import java.math.BigDecimal;

/// Formats numbers as JavaScript does (ECMA-262, `Number::toString`).
final class JavaScriptNumbers {
  private static final int MAX_PLAIN_EXPONENT = 21;
  private static final int MIN_PLAIN_EXPONENT = -6;

  private JavaScriptNumbers() {}

  static String format(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return "null";
    }
    if (number == 0) {
      return "0";
    }
    // both languages use the shortest digits that identify the number
    BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int point = digits.length() - shortest.scale();
    String sign = number < 0 ? "-" : "";
    return sign
        + (point > MIN_PLAIN_EXPONENT && point <= MAX_PLAIN_EXPONENT
            ? shortest.abs().toPlainString()
            : scientific(digits, point - 1));
  }

  private static String scientific(String digits, int exponent) {
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
  }
}
