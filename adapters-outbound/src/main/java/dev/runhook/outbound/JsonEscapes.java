package dev.runhook.outbound;

import dev.runhook.outbound.JsonStyle.Escapes;
import java.util.HexFormat;

/// Writes strings as libraries do.
final class JsonEscapes {
  private static final HexFormat LOWER = HexFormat.of();
  private static final HexFormat UPPER = HexFormat.of().withUpperCase();

  private JsonEscapes() {}

  static void write(String text, Escapes escapes, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      write(text.charAt(i), escapes, out);
    }
    out.append('"');
  }

  private static void write(char c, Escapes escapes, StringBuilder out) {
    int named = "\b\t\n\f\r\\".indexOf(c);
    if (c == '"') {
      out.append(escapes == Escapes.DOTNET ? "\\u0022" : "\\\"");
    } else if (named >= 0) {
      out.append('\\').append("btnfr\\".charAt(named));
    } else if (c == '/' && escapes == Escapes.PHP) {
      out.append("\\/");
    } else if (c < ' ' || isEscaped(c, escapes)) {
      HexFormat digits = escapes == Escapes.DOTNET ? UPPER : LOWER;
      out.append("\\u").append(digits.toHexDigits(c));
    } else {
      out.append(c);
    }
  }

  private static boolean isEscaped(char c, Escapes escapes) {
    return switch (escapes) {
      case NONE -> false;
      case ASCII -> c > '~';
      case PHP -> c > '\u007f';
      case HTML -> "<>&\u2028\u2029".indexOf(c) >= 0;
      case DOTNET -> c > '~' || "<>&'+`".indexOf(c) >= 0;
    };
  }
}
