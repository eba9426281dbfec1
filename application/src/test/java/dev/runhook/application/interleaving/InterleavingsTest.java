package dev.runhook.application.interleaving;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterleavingsTest {
  /// A limit that refuses both of two callers although one fits, because it counts before it
  /// checks.
  private static final class RacyLimit {
    private final AtomicInteger used = new AtomicInteger();

    boolean tryAcquire() {
      if (used.incrementAndGet() > 1) {
        used.decrementAndGet();
        return false;
      }
      return true;
    }

    void release() {
      used.decrementAndGet();
    }
  }

  @Test
  void a_planted_race_is_found() {
    assertThatThrownBy(() ->
            Interleavings.explore(() -> {
              RacyLimit limit = new RacyLimit();
              boolean[] taken = new boolean[2];
              limit.tryAcquire();
              Interleavings.inParallel(
                  () -> {
                    limit.release();
                    taken[0] = limit.tryAcquire();
                  },
                  () -> taken[1] = limit.tryAcquire());
              Interleavings.require(taken[0] || taken[1], "the limit refused both");
            }))
        .hasMessageContaining("Concurrent test failed");
  }

  @Test
  void a_planted_deadlock_is_found() {
    assertThatThrownBy(() ->
            Interleavings.explore(() -> {
              Object first = new Object();
              Object second = new Object();
              Interleavings.inParallel(
                  () -> lockBoth(first, second), () -> lockBoth(second, first));
            }))
        .hasMessageContaining("deadlock");
  }

  private static void lockBoth(Object outer, Object inner) {
    synchronized (outer) {
      synchronized (inner) {
        outer.notifyAll();
      }
    }
  }
}
