package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Catches refusals.
public final class RefusalAssertions {
  private RefusalAssertions() {}

  public static Refusal refusalOf(ThrowingCallable call) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, call);
    if (refused == null) {
      throw new AssertionError("the call was not refused");
    }
    return refused.refusal();
  }
}
