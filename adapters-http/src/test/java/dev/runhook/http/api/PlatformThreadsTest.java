package dev.runhook.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PlatformThreadsTest {
  private final PlatformThreads threads = new PlatformThreads("test", 1);

  @Test
  @Timeout(10)
  void closing_ends_the_thread() throws InterruptedException {
    Thread thread = threads.run(Thread::currentThread);

    threads.close();
    thread.join();

    assertThat(thread.isVirtual()).isFalse();
  }

  @Test
  void a_failure_is_thrown_and_frees_the_thread() {
    assertThatThrownBy(() -> threads.run(PlatformThreadsTest::fail))
        .isInstanceOf(ArithmeticException.class);

    assertThat(threads.<String>run(() -> "done")).isEqualTo("done");
    threads.close();
  }

  private static String fail() {
    throw new ArithmeticException("thrown by the test");
  }
}
