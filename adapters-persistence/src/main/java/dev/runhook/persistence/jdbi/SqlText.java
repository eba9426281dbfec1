package dev.runhook.persistence.jdbi;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// Conversions of text.
public final class SqlText {
  private static final char REPLACEMENT_CHARACTER = '\ufffd';

  private SqlText() {}

  /// Replaces NUL characters, which PostgreSQL does not accept in text.
  public static String replaceNul(String text) {
    return text.replace('\0', REPLACEMENT_CHARACTER);
  }

  /// Reads a column of type `text[]`.
  public static List<String> readArray(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }
}
