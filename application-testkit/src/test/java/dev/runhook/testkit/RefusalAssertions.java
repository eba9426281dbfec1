package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Reads the reason out of a "no".
public final class RefusalAssertions {
  private RefusalAssertions() {}

  public static Refusal refusalOf(ThrowingCallable call) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, call);
    if (refused == null) {
      throw new AssertionError("nothing was refused");
    }
    return refused.refusal();
  }
}
