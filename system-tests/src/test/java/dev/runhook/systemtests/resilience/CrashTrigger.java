package dev.runhook.systemtests.resilience;

import dev.runhook.systemtests.resilience.CrashPoint.Phase;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Halts the JVM without running any shutdown code when it reaches a crash point for the nth time.
final class CrashTrigger {
  static final int EXIT_CODE = 137;

  private final CrashPoint point;
  private final AtomicInteger left;

  CrashTrigger(CrashPoint point, int hit) {
    this.point = point;
    this.left = new AtomicInteger(hit);
  }

  /// @param executed the statements that the transaction has executed so far
  void reached(Phase phase, Set<String> executed) {
    if (phase == point.phase() && point.matches(executed) && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
