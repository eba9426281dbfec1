package dev.runhook.application;

import java.io.Serial;

/// Something is held by somebody else for too long, a row or the room that others wait in; the rest
/// of the store works.
public final class StoreBusyException extends StoreUnavailableException {
  @Serial private static final long serialVersionUID = 1;

  public StoreBusyException(String message) {
    super(message);
  }

  public StoreBusyException(String message, Throwable cause) {
    super(message, cause);
  }
}
