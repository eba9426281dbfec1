package dev.runhook.persistence.jdbi;

/// Texts that come from receivers, made fit for PostgreSQL, which keeps no NUL in a text.
public final class SqlText {
  private static final char REPLACEMENT = '\ufffd';

  private SqlText() {}

  public static String replaceNul(String text) {
    return text.replace('\0', REPLACEMENT);
  }
}
