package dev.runhook.outbound.payload;

import dev.runhook.outbound.payload.JsonDialect.EscapeRule;
import java.util.HexFormat;

/// Writes JSON strings with the escapes of an [EscapeRule].
final class JsonStringWriter {
  private static final HexFormat LOWER = HexFormat.of();
  private static final HexFormat UPPER = HexFormat.of().withUpperCase();

  private JsonStringWriter() {}

  static void write(String text, EscapeRule escapeRule, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      write(text.charAt(i), escapeRule, out);
    }
    out.append('"');
  }

  private static void write(char c, EscapeRule escapeRule, StringBuilder out) {
    int named = "\b\t\n\f\r\\".indexOf(c);
    if (c == '"') {
      out.append(escapeRule == EscapeRule.DOTNET ? "\\u0022" : "\\\"");
    } else if (named >= 0) {
      out.append('\\').append("btnfr\\".charAt(named));
    } else if (c == '/' && escapeRule == EscapeRule.PHP) {
      out.append("\\/");
    } else if (c < ' ' || isEscaped(c, escapeRule)) {
      HexFormat digits = escapeRule == EscapeRule.DOTNET ? UPPER : LOWER;
      out.append("\\u").append(digits.toHexDigits(c));
    } else {
      out.append(c);
    }
  }

  private static boolean isEscaped(char c, EscapeRule escapeRule) {
    return switch (escapeRule) {
      case NONE -> false;
      case ASCII -> c > '~';
      case PHP -> c > '\u007f';
      case HTML -> "<>&\u2028\u2029".indexOf(c) >= 0;
      case DOTNET -> c > '~' || "<>&'+`".indexOf(c) >= 0;
    };
  }
}
