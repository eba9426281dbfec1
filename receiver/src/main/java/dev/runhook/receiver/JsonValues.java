package dev.runhook.receiver;

import java.util.HashMap;
import java.util.Map;

/// Finds the strings and numbers of a JSON document by their paths, such as `stack.id`. This module
/// has no dependencies, and needs only four values of a body whose signature was verified: escapes
/// in strings stay as they are.
final class JsonValues {
  private static final int MAX_DEPTH = 64;

  /// Values in deeper objects, and in arrays, are skipped.
  private static final int MAX_PATH_LENGTH = 3;

  private final String json;
  private final Map<String, String> values = new HashMap<>();
  private int position;
  private int stringStart;

  private JsonValues(String json) {
    this.json = json;
  }

  /// Returns the values by path, or none if the text is not a JSON object.
  static Map<String, String> read(String json) {
    JsonValues reader = new JsonValues(json);
    return reader.peek() == '{' && reader.readValue("", 0) && reader.peek() == 0
        ? reader.values
        : Map.of();
  }

  /// @param path empty if the value has no path
  private boolean readValue(String path, int depth) {
    return switch (peek()) {
      case '{' -> depth < MAX_DEPTH && readObject(path, depth);
      case '[' -> depth < MAX_DEPTH && readArray(depth);
      case '"' -> readString() && put(path, lastString());
      default -> readLiteral(path);
    };
  }

  private boolean readObject(String path, int depth) {
    position++;
    if (skip('}')) {
      return true;
    }
    do {
      if (peek() != '"' || !readString()) {
        return false;
      }
      String key = path.isEmpty() ? lastString() : path + "." + lastString();
      boolean hasPath = depth < MAX_PATH_LENGTH && (depth == 0 || !path.isEmpty());
      if (!skip(':') || !readValue(hasPath ? key : "", depth + 1)) {
        return false;
      }
    } while (skip(','));
    return skip('}');
  }

  private boolean readArray(int depth) {
    position++;
    if (skip(']')) {
      return true;
    }
    do {
      if (!readValue("", depth + 1)) {
        return false;
      }
    } while (skip(','));
    return skip(']');
  }

  private String lastString() {
    return json.substring(stringStart, position - 1);
  }

  private boolean readString() {
    stringStart = ++position;
    while (position < json.length()) {
      char next = json.charAt(position++);
      if (next == '"') {
        return true;
      }
      if (next == '\\') {
        position++;
      }
    }
    return false;
  }

  /// A number, `true`, `false` or `null`.
  private boolean readLiteral(String path) {
    int start = position;
    while (position < json.length() && isPartOfLiteral(json.charAt(position))) {
      position++;
    }
    String literal = json.substring(start, position);
    return !literal.isEmpty() && (literal.equals("null") || put(path, literal));
  }

  private static boolean isPartOfLiteral(char next) {
    return (next >= '0' && next <= '9')
        || (next >= 'a' && next <= 'z')
        || next == '-'
        || next == '+'
        || next == '.'
        || next == 'E';
  }

  private boolean put(String path, String value) {
    if (!path.isEmpty()) {
      values.put(path, value);
    }
    return true;
  }

  private boolean skip(char expected) {
    if (peek() != expected) {
      return false;
    }
    position++;
    return true;
  }

  /// Skips white space and returns the next character, or 0 at the end.
  private char peek() {
    while (position < json.length() && json.charAt(position) <= ' ') {
      position++;
    }
    return position < json.length() ? json.charAt(position) : 0;
  }
}
