package dev.runhook.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestSchedulerTest {
  private final RequestScheduler scheduler = new RequestScheduler(3);

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
    Thread thread = scheduler.act(new AccountId("acme"), 0, Thread::currentThread);

    assertThat(thread.isVirtual()).isFalse();
    assertThat(thread).isNotSameAs(Thread.currentThread());
  }

  @Test
  void a_test_that_waits_for_a_receiver_keeps_no_thread_or_turn_from_others()
      throws InterruptedException {
    AccountId acme = new AccountId("acme");
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger tested = new AtomicInteger();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        clients.execute(() ->
            scheduler.test(
                acme,
                () -> {
                  waiting.countDown();
                  await(released);
                  return tested.incrementAndGet();
                }));
      }
      waiting.await();

      assertThat(scheduler.test(new AccountId("other"), Thread::currentThread))
          .isSameAs(Thread.currentThread());
      assertThat(scheduler.act(acme, 0, tested::get)).isZero();

      released.countDown();
    }
    assertThat(tested).hasValue(3);
  }

  @Test
  void requests_of_an_account_leave_processors_and_connections_for_others()
      throws InterruptedException {
    CountDownLatch threeRunning = new CountDownLatch(3);
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger maxRunning = new AtomicInteger();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        clients.execute(() ->
            scheduler.act(
                new AccountId("acme"),
                0,
                () -> {
                  maxRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                  threeRunning.countDown();
                  await(released);
                  return running.decrementAndGet();
                }));
      }
      threeRunning.await();

      assertThat(scheduler.act(new AccountId("other"), 0, () -> "done")).isEqualTo("done");

      released.countDown();
    }
    assertThat(maxRunning).hasValue(3);
  }

  @Test
  void requests_that_wait_for_a_database_do_not_delay_those_to_another() {
    AccountId acme = new AccountId("acme");
    CountDownLatch waiting = new CountDownLatch(3);
    CountDownLatch released = new CountDownLatch(1);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        AccountId account = new AccountId("acme" + (i / 3));
        clients.execute(() ->
            scheduler.act(
                account,
                1,
                () -> {
                  waiting.countDown();
                  await(released);
                  return true;
                }));
      }
      await(waiting);

      assertThat(scheduler.act(acme, 0, () -> "done")).isEqualTo("done");
      assertThat(scheduler.act(acme, -1, () -> "done")).isEqualTo("done");

      released.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
