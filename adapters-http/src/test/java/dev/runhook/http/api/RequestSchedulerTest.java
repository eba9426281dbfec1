package dev.runhook.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestSchedulerTest {
  private final RequestScheduler scheduler = new RequestScheduler();

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void only_the_work_for_a_large_body_leaves_the_thread_of_the_request() {
    assertThat(scheduler.process(new byte[100], Thread::currentThread))
        .isSameAs(Thread.currentThread());
    assertThat(scheduler.process(new byte[100_000], Thread::currentThread).isVirtual()).isFalse();
  }

  @Test
  void an_action_runs_on_a_platform_thread() {
    Thread thread = scheduler.act(new AccountId("acme"), Thread::currentThread);

    assertThat(thread.isVirtual()).isFalse();
    assertThat(thread).isNotSameAs(Thread.currentThread());
  }
}
