package dev.runhook.persistence.schema;

/// A newer version of Runhook has migrated the database. The message tells the user what to do.
public final class NewerSchemaException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NewerSchemaException(String message) {
    super(message);
  }
}
