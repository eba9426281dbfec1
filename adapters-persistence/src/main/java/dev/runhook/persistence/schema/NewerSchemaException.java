package dev.runhook.persistence.schema;

/// The database was changed by a version of Runhook that knows more than this one. Whoever starts a
/// process has it say the message, and ends it.
public final class NewerSchemaException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NewerSchemaException(String message) {
    super(message);
  }
}
