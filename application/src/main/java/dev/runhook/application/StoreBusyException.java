package dev.runhook.application;

import java.io.Serial;

/// A row or a queue of the store is occupied for too long. The rest of the store works.
public final class StoreBusyException extends StoreUnavailableException {
  @Serial private static final long serialVersionUID = 1;

  public StoreBusyException(String message) {
    super(message);
  }

  public StoreBusyException(String message, Throwable cause) {
    super(message, cause);
  }
}
