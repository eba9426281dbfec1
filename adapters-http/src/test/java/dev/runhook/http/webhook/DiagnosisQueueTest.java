package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.RefusedException;
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

  @Test
  void a_further_request_of_an_account_is_refused_before_it_is_handled() {
    queue.admit(
        ACCOUNT,
        () ->
            queue.admit(
                ACCOUNT,
                () -> {
                  assertThatThrownBy(() -> queue.admit(ACCOUNT, DiagnosisQueueTest::unexpected))
                      .isInstanceOf(RefusedException.class);
                  return queue.admit(new AccountId("other"), () -> "handled");
                }));
    queue.close();
  }

  private static String unexpected() {
    throw new AssertionError("the request was handled");
  }

  private void assertFailure(AtomicReference<Thread> thread) {
    assertThatThrownBy(() ->
            queue.admit(
                ACCOUNT,
                () ->
                    queue.run(() -> {
                      thread.set(Thread.currentThread());
                      throw new ArithmeticException("thrown by the test");
                    })))
        .isInstanceOf(ArithmeticException.class);
  }
}
