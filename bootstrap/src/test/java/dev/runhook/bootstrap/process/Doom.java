package dev.runhook.bootstrap.process;

import dev.runhook.bootstrap.process.FailPoint.Moment;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Halts the process, with no code of it running any more, when it comes to a point for the n-th
/// time.
final class Doom {
  static final int CODE = 137;

  private final FailPoint point;
  private final AtomicInteger left;

  Doom(FailPoint point, int hit) {
    this.point = point;
    this.left = new AtomicInteger(hit);
  }

  /// @param executed the statements of the transaction so far
  void at(Moment moment, Set<String> executed) {
    if (moment == point.moment() && point.isMeant(executed) && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(CODE);
    }
  }
}
