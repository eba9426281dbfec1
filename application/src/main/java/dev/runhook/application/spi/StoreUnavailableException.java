package dev.runhook.application.spi;

import java.io.Serial;

/// The store cannot be reached, or failed during a request. A later retry may succeed.
public sealed class StoreUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public StoreUnavailableException(String message) {
    super(message);
  }

  /// A row of the store is locked for too long, or a queue is full. The rest of the store works.
  public static final class StoreBusyException extends StoreUnavailableException {
    @Serial private static final long serialVersionUID = 1;

    public StoreBusyException(String message) {
      super(message);
    }

    public StoreBusyException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
