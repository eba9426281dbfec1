package dev.runhook.application.spi;

import java.io.Serial;

/// A row of the store is locked for too long, or a queue is full. The rest of the store works.
public final class StoreBusyException extends StoreUnavailableException {
  @Serial private static final long serialVersionUID = 1;

  public StoreBusyException(String message) {
    super(message);
  }

  public StoreBusyException(String message, Throwable cause) {
    super(message, cause);
  }
}
