package dev.runhook.persistence.schema;

/// Runhook cannot use the database until a user changes the database, its pool or the version of
/// Runhook. The message is one line that says what to do.
public final class UnusableDatabaseException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  public UnusableDatabaseException(String message) {
    super(message);
  }

  public UnusableDatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
