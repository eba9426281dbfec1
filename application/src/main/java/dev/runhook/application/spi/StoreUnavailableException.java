package dev.runhook.application.spi;

import java.io.Serial;

/// The store cannot be reached, or failed during a request. A later retry may succeed.
public sealed class StoreUnavailableException extends RuntimeException permits StoreBusyException {
  @Serial private static final long serialVersionUID = 1;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreUnavailableException(String message) {
    super(message);
  }
}
