package dev.runhook.application.dispatch;

import static dev.runhook.application.interleaving.Interleavings.explore;
import static dev.runhook.application.interleaving.Interleavings.join;
import static dev.runhook.application.interleaving.Interleavings.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whatever the order in which threads go on, no wake-up and no bucket is lost.
class PollScheduleTest {
  private static final Bucket BUCKET =
      new Bucket() {
        @Override
        public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
          throw new UnsupportedOperationException("this bucket has no store");
        }
      };

  @Test
  void what_is_due_when_the_bucket_is_woken_is_polled() {
    explore(() -> requirePolled(schedule -> schedule.wake(BUCKET, Duration.ZERO)));
  }

  @Test
  void what_is_due_when_all_are_woken_is_polled() {
    explore(() -> requirePolled(PollSchedule::wake));
  }

  @Test
  void an_unavailable_bucket_is_tried_again_after_no_thread_could_be_started() {
    AtomicBoolean hasThreads = new AtomicBoolean();
    List<Runnable> started = new ArrayList<>();
    PollSchedule schedule =
        new PollSchedule(
            List.of(BUCKET, BUCKET), // a single one is never left out
            () -> 0,
            task -> {
              if (!hasThreads.get()) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              started.add(task);
            });

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> schedule.poll(PollScheduleTest::fail));
    hasThreads.set(true);
    schedule.poll(PollScheduleTest::fail); // leaves it out

    assertThat(started).hasSize(1);
  }

  private static PollResult fail(Bucket bucket) {
    throw new StoreUnavailableException("the database does not respond");
  }

  private static void requirePolled(Consumer<PollSchedule> wake) {
    PollSchedule schedule = new PollSchedule(List.of(), () -> 0, Runnable::run);
    AtomicBoolean due = new AtomicBoolean();
    await(schedule, Duration.ZERO); // only what is woken is polled from now on
    poll(schedule, due);
    Thread waking =
        new Thread(() -> {
          due.set(true);
          wake.accept(schedule);
        });
    waking.start();

    await(schedule, Duration.ZERO);
    boolean polled = poll(schedule, due);
    join(waking);
    if (!polled) {
      await(schedule, Duration.ZERO);
      polled = poll(schedule, due);
    }

    require(polled, "the wake-up was lost");
  }

  private static void await(PollSchedule schedule, Duration timeout) {
    try {
      schedule.await(timeout);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean poll(PollSchedule schedule, AtomicBoolean due) {
    if (!schedule.includes(BUCKET)) {
      return false;
    }
    schedule.onPoll(BUCKET);
    return due.get();
  }
}
