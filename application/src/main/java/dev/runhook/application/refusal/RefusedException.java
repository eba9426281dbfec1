package dev.runhook.application.refusal;

import java.io.Serial;

/// A refused request. Throwing it rolls back the transaction. Its message says what is wrong and
/// how to fix it, as the detail of a problem of the HTTP API does.
public final class RefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(RefusalMessages.of(refusal), null, false, false);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
