package dev.runhook.persistence;

/// Texts that come from receivers, made fit for PostgreSQL, which keeps no NUL in a text.
final class Texts {
  private static final char REPLACEMENT = '\ufffd';

  private Texts() {}

  static String fit(String text) {
    return text.replace('\0', REPLACEMENT);
  }
}
