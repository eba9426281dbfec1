package dev.runhook.application.spi.delivery;

/// An event cannot be rendered in the format of a webhook, for example because a template takes too
/// long.
public final class RenderingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// @param message the reason, as a sentence for users
  public RenderingException(String message) {
    super(message);
  }
}
