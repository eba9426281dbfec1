package dev.runhook.outbound.format;

/// A template is not valid, exceeds a limit, or does not result in JSON.
final class TemplateException extends Exception {
  private static final long serialVersionUID = 1;

  /// @param message says what is wrong with "the template", for users
  TemplateException(String message) {
    super(message);
  }
}
