package dev.runhook.bootstrap.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.idempotency.IdempotentRequest;
import dev.runhook.application.idempotency.IdempotentRequests;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RetentionTimerTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final AtomicBoolean ended = new AtomicBoolean();

  @Test
  void closing_waits_for_a_tidying_that_is_under_way() throws InterruptedException {
    Thread closer = Thread.currentThread();
    RetentionTimer timer = new RetentionTimer(() -> tidyUntilWaitedForBy(closer), new NoRepeats());
    timer.start();
    begun.await();

    timer.close();

    assertThat(ended).isTrue();
  }

  /// Ends when that thread waits for it; or without a result when it is told to stop at once.
  private int tidyUntilWaitedForBy(Thread closer) {
    begun.countDown();
    while (closer.getState() != Thread.State.TIMED_WAITING) {
      if (Thread.currentThread().isInterrupted()) {
        return 0;
      }
      Thread.onSpinWait();
    }
    ended.set(true);
    return 0;
  }

  private static final class NoRepeats implements IdempotentRequests {
    @Override
    public Result execute(IdempotentRequest request, Supplier<Response> handling) {
      throw new AssertionError("nobody asks");
    }

    @Override
    public int deleteExpired() {
      return 0;
    }
  }
}
