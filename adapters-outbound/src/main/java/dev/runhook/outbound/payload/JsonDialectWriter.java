package dev.runhook.outbound.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.outbound.payload.JsonDialect.KeyOrder;
import dev.runhook.outbound.payload.JsonDialect.Spacing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Writes one JSON value in a dialect, up to a maximum length.
final class JsonDialectWriter {
  /// The keys of Runhook's payloads, in the order that each of their objects uses.
  private static final List<String> KEY_ORDER =
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

  private final JsonDialect dialect;
  private final StringBuilder out;
  private final int maxLength;

  /// @param maxLength in characters
  JsonDialectWriter(JsonDialect dialect, StringBuilder out, int maxLength) {
    this.dialect = dialect;
    this.out = out;
    this.maxLength = maxLength;
  }

  /// Returns false if the value exceeds the maximum length.
  boolean write(JsonNode value) {
    write(value, 0);
    return out.length() <= maxLength;
  }

  private void write(JsonNode value, int level) {
    if (out.length() > maxLength) {
      return;
    }
    if (value.isObject()) {
      writeObject(value, level);
    } else if (value.isArray()) {
      writeArray(value, level);
    } else if (value.isTextual()) {
      JsonStringWriter.write(value.textValue(), dialect.escapeRule(), out);
    } else if (value.isNumber() && dialect.javaScriptNumbers()) {
      out.append(JavaScriptNumbers.format(value.doubleValue()));
    } else {
      out.append(value.asText());
    }
  }

  private void writeObject(JsonNode object, int level) {
    if (object.isEmpty()) {
      out.append(dialect.spacing().equals(Spacing.JACKSON) ? "{ }" : "{}");
      return;
    }
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, JsonNode> field : fields(object)) {
      next(first, dialect.spacing().isIndented(), level + 1);
      first = false;
      JsonStringWriter.write(field.getKey(), dialect.escapeRule(), out);
      out.append(dialect.spacing().colon());
      write(field.getValue(), level + 1);
    }
    end('}', dialect.spacing().isIndented(), level);
  }

  private void writeArray(JsonNode array, int level) {
    boolean jackson = dialect.spacing().equals(Spacing.JACKSON);
    if (array.isEmpty()) {
      out.append(jackson ? "[ ]" : "[]");
      return;
    }
    boolean lines = dialect.spacing().isIndented() && !dialect.spacing().inlineArrays();
    out.append(jackson ? "[ " : "[");
    for (int i = 0; i < array.size() && out.length() <= maxLength; i++) {
      next(i == 0, lines, level + 1);
      out.append(jackson && i > 0 ? " " : "");
      write(array.get(i), jackson ? level : level + 1);
    }
    out.append(jackson ? " " : "");
    end(']', lines, level);
  }

  private List<Map.Entry<String, JsonNode>> fields(JsonNode object) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
    if (dialect.keyOrder() == KeyOrder.SORTED) {
      fields.sort(Map.Entry.comparingByKey());
    } else if (dialect.keyOrder() == KeyOrder.RUNHOOK) {
      fields.sort(Comparator.comparingInt(field -> rank(field.getKey())));
    }
    return fields;
  }

  private static int rank(String name) {
    int rank = KEY_ORDER.indexOf(name);
    return rank < 0 ? KEY_ORDER.size() : rank;
  }

  private void next(boolean first, boolean onLines, int level) {
    out.append(first ? "" : dialect.spacing().comma());
    line(onLines, level);
  }

  private void end(char bracket, boolean onLines, int level) {
    line(onLines, level);
    out.append(bracket);
  }

  private void line(boolean onLines, int level) {
    if (onLines) {
      out.append('\n').repeat(dialect.spacing().indent(), level);
    }
  }
}
