package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.account.AccountId;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DiagnosisQueueTest {
  private static final AccountId ACCOUNT = new AccountId("acme");

  private final DiagnosisQueue queue = new DiagnosisQueue();

  @Test
  @Timeout(10)
  void closing_ends_the_thread() throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    assertFailure(thread);

    queue.close();
    thread.get().join();

    assertThat(thread.get().isVirtual()).isFalse();
  }

  @Test
  void a_failure_is_thrown_and_frees_the_place() {
    for (int i = 0; i < 20; i++) { // more than there are places
      assertFailure(new AtomicReference<>());
    }
    queue.close();
  }

  private void assertFailure(AtomicReference<Thread> thread) {
    assertThatThrownBy(() ->
            queue.run(
                ACCOUNT,
                () -> {
                  thread.set(Thread.currentThread());
                  throw new ArithmeticException("thrown by the test");
                }))
        .isInstanceOf(ArithmeticException.class);
  }
}
