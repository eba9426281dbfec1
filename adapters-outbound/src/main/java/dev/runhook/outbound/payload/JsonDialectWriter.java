package dev.runhook.outbound.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.outbound.payload.JsonDialect.KeyOrder;
import dev.runhook.outbound.payload.JsonDialect.Spacing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Writes one value in one style, as long as there is room for it.
final class JsonDialectWriter {
  /// The fields of our payloads in an order that holds in each of their objects.
  private static final List<String> ORDER =
      List.of(
          "account",
          "event",
          "state",
          "stateVersion",
          "authorLogin",
          "authorName",
          "hash",
          "message",
          "timestamp",
          "id",
          "name",
          "description",
          "labels",
          "branch",
          "commit",
          "createdAt",
          "added",
          "changed",
          "deleted",
          "resources",
          "delta",
          "triggeredBy",
          "type",
          "url",
          "driftDetection",
          "command",
          "repository",
          "run",
          "stack",
          "webhook",
          "endpoint",
          "note");

  private final JsonDialect style;
  private final StringBuilder out;
  private final int most;

  /// @param most the characters that there is room for
  JsonDialectWriter(JsonDialect style, StringBuilder out, int most) {
    this.style = style;
    this.out = out;
    this.most = most;
  }

  /// Whether there was room for all of it.
  boolean write(JsonNode value) {
    write(value, 0);
    return out.length() <= most;
  }

  private void write(JsonNode value, int level) {
    if (out.length() > most) {
      return;
    }
    if (value.isObject()) {
      writeObject(value, level);
    } else if (value.isArray()) {
      writeArray(value, level);
    } else if (value.isTextual()) {
      JsonStringWriter.write(value.textValue(), style.escapeRule(), out);
    } else if (value.isNumber() && style.javaScriptNumbers()) {
      out.append(JavaScriptNumbers.format(value.doubleValue()));
    } else {
      out.append(value.asText());
    }
  }

  private void writeObject(JsonNode object, int level) {
    if (object.isEmpty()) {
      out.append(style.spacing().equals(Spacing.JACKSON) ? "{ }" : "{}");
      return;
    }
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, JsonNode> field : fields(object)) {
      next(first, style.spacing().isIndented(), level + 1);
      first = false;
      JsonStringWriter.write(field.getKey(), style.escapeRule(), out);
      out.append(style.spacing().colon());
      write(field.getValue(), level + 1);
    }
    end('}', style.spacing().isIndented(), level);
  }

  private void writeArray(JsonNode array, int level) {
    boolean jackson = style.spacing().equals(Spacing.JACKSON);
    if (array.isEmpty()) {
      out.append(jackson ? "[ ]" : "[]");
      return;
    }
    boolean lines = style.spacing().isIndented() && !style.spacing().inlineArrays();
    out.append(jackson ? "[ " : "[");
    for (int i = 0; i < array.size() && out.length() <= most; i++) {
      next(i == 0, lines, level + 1);
      out.append(jackson && i > 0 ? " " : "");
      write(array.get(i), jackson ? level : level + 1);
    }
    out.append(jackson ? " " : "");
    end(']', lines, level);
  }

  private List<Map.Entry<String, JsonNode>> fields(JsonNode object) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
    if (style.keyOrder() == KeyOrder.SORTED) {
      fields.sort(Map.Entry.comparingByKey());
    } else if (style.keyOrder() == KeyOrder.RUNHOOK) {
      fields.sort(Comparator.comparingInt(field -> rank(field.getKey())));
    }
    return fields;
  }

  private static int rank(String name) {
    int rank = ORDER.indexOf(name);
    return rank < 0 ? ORDER.size() : rank;
  }

  private void next(boolean first, boolean onLines, int level) {
    out.append(first ? "" : style.spacing().comma());
    line(onLines, level);
  }

  private void end(char bracket, boolean onLines, int level) {
    line(onLines, level);
    out.append(bracket);
  }

  private void line(boolean onLines, int level) {
    if (onLines) {
      out.append('\n').repeat(style.spacing().indent(), level);
    }
  }
}
