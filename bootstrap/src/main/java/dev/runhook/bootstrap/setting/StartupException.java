package dev.runhook.bootstrap.setting;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Runhook cannot run now, although its configuration may be correct: the same start can succeed
/// later. The message is one line that says what is wrong and how to fix it.
public final class StartupException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public StartupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
