package dev.runhook.diagnosis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.diagnosis.JsonDialect.Escapes;
import dev.runhook.diagnosis.JsonDialect.Numbers;
import dev.runhook.diagnosis.JsonDialect.Spacing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

/// Writes one JSON value in a dialect, up to a maximum length.
final class JsonDialectWriter {
  /// The keys of Runhook's payloads, in the order that each of their objects uses.
  private static final List<String> KEY_ORDER =
      List.of(
          ("account event state stateVersion authorLogin authorName hash message timestamp id name"
                  + " description labels branch commit createdAt added changed deleted resources"
                  + " delta triggeredBy type url driftDetection command repository run stack"
                  + " webhook endpoint note")
              .split(" "));

  private static final int MAX_PLAIN_EXPONENT = 21;
  private static final int MIN_PLAIN_EXPONENT = -6;

  private final JsonDialect dialect;
  private final Spacing spacing;
  private final boolean jackson;
  private final int maxLength;
  private final StringBuilder out = new StringBuilder();

  private JsonDialectWriter(JsonDialect dialect, int maxLength) {
    this.dialect = dialect;
    this.spacing = dialect.spacing();
    this.jackson = spacing == Spacing.JACKSON;
    this.maxLength = maxLength;
  }

  /// Returns the value in the dialect, or nothing if it exceeds the maximum length in characters.
  static Optional<String> write(JsonNode value, JsonDialect dialect, int maxLength) {
    JsonDialectWriter writer = new JsonDialectWriter(dialect, maxLength);
    writer.write(value, 0);
    return writer.isFull() ? Optional.empty() : Optional.of(writer.out.toString());
  }

  private boolean isFull() {
    return out.length() > maxLength;
  }

  private void write(JsonNode value, int level) {
    if (value.isObject()) {
      out.append('{');
      writeItems(value, fields(value), level, this::writeField);
      out.append('}');
    } else if (value.isArray()) {
      out.append('[');
      writeItems(value, value, level, this::write);
      out.append(']');
    } else if (value.isTextual()) {
      writeString(value.textValue());
    } else if (value.isNumber() && dialect.numbers() == Numbers.JAVASCRIPT) {
      out.append(javaScriptNumber(value.doubleValue()));
    } else {
      out.append(value.asText());
    }
  }

  /// Writes the items between the brackets. Jackson writes an array on one line.
  private <T> void writeItems(
      JsonNode container, Iterable<T> items, int level, ObjIntConsumer<T> writeItem) {
    if (container.isEmpty()) {
      out.append(jackson ? " " : "");
      return;
    }
    boolean inline = jackson && container.isArray();
    int itemLevel = inline ? level : level + 1;
    String separator = "";
    for (T item : items) {
      if (isFull()) {
        return;
      }
      out.append(separator);
      separator = spacing.comma;
      writeBreak(itemLevel, inline);
      writeItem.accept(item, itemLevel);
    }
    writeBreak(level, inline);
  }

  private void writeBreak(int level, boolean inline) {
    if (inline) {
      out.append(' ');
    } else if (!spacing.indent.isEmpty()) {
      out.append('\n').repeat(spacing.indent, level);
    }
  }

  private void writeField(Map.Entry<String, JsonNode> field, int level) {
    writeString(field.getKey());
    out.append(spacing.colon);
    write(field.getValue(), level);
  }

  private List<Map.Entry<String, JsonNode>> fields(JsonNode object) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
    switch (dialect.keyOrder()) {
      case PARSED -> {}
      case SORTED -> fields.sort(Map.Entry.comparingByKey());
      case RUNHOOK -> fields.sort(Comparator.comparingInt(field -> rank(field.getKey())));
    }
    return fields;
  }

  private static int rank(String name) {
    int rank = KEY_ORDER.indexOf(name);
    return rank < 0 ? KEY_ORDER.size() : rank;
  }

  private void writeString(String text) {
    out.append('"');
    text.chars().forEach(c -> writeCharacter((char) c, dialect.escapes()));
    out.append('"');
  }

  private void writeCharacter(char c, Escapes escapes) {
    int named = "\b\t\n\f\r\\".indexOf(c);
    if (c == '"') {
      out.append(escapes == Escapes.DOTNET ? "\\u0022" : "\\\"");
    } else if (named >= 0) {
      out.append('\\').append("btnfr\\".charAt(named));
    } else if (c == '/' && escapes == Escapes.PHP) {
      out.append("\\/");
    } else if (c < ' ' || isEscaped(c, escapes)) {
      HexFormat hex = escapes == Escapes.DOTNET ? HexFormat.of().withUpperCase() : HexFormat.of();
      out.append("\\u").append(hex.toHexDigits(c));
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

  /// Formats a number as JavaScript does (ECMA-262, `Number::toString`).
  private static String javaScriptNumber(double number) {
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
    if (point > MIN_PLAIN_EXPONENT && point <= MAX_PLAIN_EXPONENT) {
      return shortest.toPlainString();
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = number < 0 ? "-" : "";
    return sign + digits.charAt(0) + fraction + (point > 0 ? "e+" : "e") + (point - 1);
  }
}
