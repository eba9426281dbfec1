package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runhook.application.spi.LoopMonitor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

  private static final LoopMonitor UNWATCHED = new LoopMonitor() {};

  private final CountDownLatch started = new CountDownLatch(1);
  private final AtomicBoolean completed = new AtomicBoolean();

  @Test
  void stopping_waits_for_a_run_in_progress() throws InterruptedException {
    Thread stopper = Thread.currentThread();
    PeriodicTask task =
        new PeriodicTask(
            "test", Duration.ofHours(1), () -> runUntilWaitedForBy(stopper), UNWATCHED);
    task.start();
    started.await();

    task.stop(LONG_TIMEOUT);

    assertThat(completed).isTrue();
  }

  @Test
  void a_run_that_exceeds_the_timeout_is_interrupted() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    PeriodicTask task =
        new PeriodicTask(
            "test",
            Duration.ofHours(1),
            () -> {
              started.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException ignored) {
                interrupted.countDown();
              }
            },
            UNWATCHED);
    task.start();
    started.await();

    task.stop(Duration.ZERO);

    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_failed_run_is_followed_by_the_next_one() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(3);
    PeriodicTask task =
        new PeriodicTask(
            "test",
            Duration.ofMillis(1),
            () -> {
              runs.countDown();
              throw new IllegalStateException("expected by the test");
            },
            UNWATCHED);

    task.start();

    assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    task.stop(LONG_TIMEOUT);
  }

  @Test
  void every_run_and_every_error_is_reported_and_the_next_run_follows()
      throws InterruptedException {
    CountDownLatch rounds = new CountDownLatch(3);
    CountDownLatch errors = new CountDownLatch(3);
    LoopMonitor monitor =
        new LoopMonitor() {
          @Override
          public void onRound(String loop, Duration limit) {
            rounds.countDown();
          }

          @Override
          public void onError(String loop, Error error) {
            errors.countDown();
          }
        };
    PeriodicTask task =
        new PeriodicTask(
            "test",
            Duration.ofMillis(1),
            () -> {
              throw new LinkageError("expected by the test");
            },
            monitor);

    task.start();

    assertThat(rounds.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(errors.await(20, TimeUnit.SECONDS)).isTrue();
    task.stop(LONG_TIMEOUT);
  }

  @Test
  void a_task_that_was_not_started_can_be_stopped() {
    PeriodicTask task = new PeriodicTask("test", Duration.ofHours(1), () -> {}, UNWATCHED);

    assertThatCode(() -> task.stop(LONG_TIMEOUT)).doesNotThrowAnyException();
  }

  /// Returns when the given thread waits for this run, or when this run is interrupted.
  private void runUntilWaitedForBy(Thread stopper) {
    started.countDown();
    while (stopper.getState() != Thread.State.TIMED_WAITING) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      Thread.onSpinWait();
    }
    completed.set(true);
  }
}
