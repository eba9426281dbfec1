package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runhook.application.spi.delivery.DispatchObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SupervisorTest {
  private static final Duration LIMIT = Supervisor.CHECK_INTERVAL.multipliedBy(3);
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Supervisor.class);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<String> errors = new ArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final Supervisor supervisor =
      new Supervisor(
          new DispatchObserver() {
            @Override
            public void onError(String operation, Throwable failure) {
              errors.add(operation);
            }
          },
          failures::incrementAndGet);

  @BeforeEach
  void collectLog() {
    log.start();
    LOGGER.addAppender(log);
  }

  @AfterEach
  void detachLog() {
    LOGGER.detachAppender(log);
  }

  @Test
  void a_loop_that_goes_on_is_no_problem() {
    for (int i = 0; i < 10; i++) {
      supervisor.onRound("claims", LIMIT);
      check(3);
    }

    assertThat(supervisor.findProblem()).isEmpty();
    assertThat(failures).hasValue(0);
    assertThat(log.list).isEmpty();
  }

  @Test
  void a_loop_that_has_stopped_is_reported_once_and_ends_the_process() {
    supervisor.onRound("claims", LIMIT);
    supervisor.onRound("retention", LIMIT.multipliedBy(100));

    check(10);

    assertThat(supervisor.findProblem()).contains("no progress of claims");
    assertThat(failures).hasValue(1);
    assertThat(log.list)
        .extracting(event -> event.getMessage() + " " + event.getKeyValuePairs())
        .containsExactly(
            "Runhook cannot go on; this process must be restarted"
                + " [problem=\"no progress of claims\"]");
  }

  @Test
  void a_loop_that_goes_on_after_a_long_wait_is_no_problem_any_longer() {
    supervisor.onRound("claims", LIMIT);
    check(10);

    supervisor.onRound("claims", LIMIT);

    assertThat(supervisor.findProblem()).isEmpty();
    check(10);
    assertThat(failures).hasValue(2);
  }

  @Test
  void an_error_of_a_loop_is_counted_logged_and_ends_the_process() {
    OutOfMemoryError error = new OutOfMemoryError("expected by the test");

    supervisor.onError("claims", error);
    supervisor.onRound("claims", LIMIT);
    check(1);

    assertThat(errors).containsExactly("claims");
    assertThat(supervisor.findProblem()).contains("OutOfMemoryError in claims");
    assertThat(failures).hasValue(1);
    assertThat(log.list)
        .extracting(event -> event.getThrowableProxy().getMessage())
        .containsExactly("expected by the test");
  }

  @Test
  void an_executor_that_cannot_start_a_thread_ends_the_process() {
    Executor executor =
        supervisor.supervise(
            "attempts",
            ignored -> {
              throw new OutOfMemoryError("expected by the test");
            });

    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> executor.execute(() -> {}));

    assertThat(supervisor.findProblem()).contains("OutOfMemoryError in attempts");
    assertThat(failures).hasValue(1);
  }

  @Test
  void an_error_of_a_task_ends_the_process_and_an_exception_does_not() {
    List<Runnable> tasks = new ArrayList<>();
    Executor executor = supervisor.supervise("transactions", tasks::add);
    executor.execute(() -> {
      throw new IllegalStateException("expected by the test");
    });
    executor.execute(() -> {
      throw new LinkageError("expected by the test");
    });

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(tasks.getFirst()::run);
    assertThat(supervisor.findProblem()).isEmpty();

    assertThatExceptionOfType(LinkageError.class).isThrownBy(tasks.getLast()::run);
    assertThat(supervisor.findProblem()).contains("LinkageError in transactions");
    assertThat(failures).hasValue(1);
  }

  private void check(int times) {
    for (int i = 0; i < times; i++) {
      supervisor.check();
    }
  }
}
