package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.ManualExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityTest {
  private final ManualExecutor attempts = new ManualExecutor();

  @Test
  void the_number_of_attempts_per_webhook_is_limited() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(20, 2), attempts);
    Webhook webhook = app.createWebhook(1);

    startMany(app, 6);
    int inFlight = attempts.size();
    sendAll(app);

    assertThat(inFlight).isEqualTo(2);
    assertThat(app.sentStates(webhook)).hasSize(6);
  }

  @Test
  void an_account_leaves_half_of_the_slots_to_others() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(40, 20), attempts);
    createWebhooks(app, 4);
    app.startRun("first");
    attempts.runAll();

    startMany(app, 20);
    int inFlight = attempts.size();
    sendAll(app);

    assertThat(inFlight).isBetween(12, 20);
    assertThat(app.transport.requests()).hasSize(4 + 80);
  }

  @Test
  void unproven_webhooks_use_a_third_of_the_slots() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(40, 20), attempts);
    createWebhooks(app, 4);

    startMany(app, 20);

    assertThat(attempts.size()).isBetween(10, 14);
  }

  @Test
  void deliveries_without_a_slot_are_sent_by_later_polls() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook webhook = app.createWebhook(1);

    startMany(app, 20);
    attempts.runAll();
    int withoutPolling = app.sentStates(webhook).size();
    sendAll(app);

    assertThat(withoutPolling).isEqualTo(1);
    assertThat(app.sentStates(webhook)).hasSize(20);
    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void a_delivery_without_a_slot_is_not_leased() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(20, 2), attempts);
    Webhook webhook = app.createWebhook(1);

    startMany(app, 6);
    app.dispatcher.poll();

    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::attemptCount)
        .containsExactly(0, 0, 0, 0, 1, 1);
  }

  @Test
  void many_lanes_with_backlogs_leave_slots_to_other_webhooks() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(8, 1), attempts);
    createWebhooks(app, 2);
    for (int i = 0; i < 8; i++) {
      RunId run = app.startRun("run-" + i);
      app.record(run, nCopies(10, RunState.PLANNING).toArray(RunState[]::new));
    }
    Webhook quiet = app.createWebhook(3);
    app.startRun("last");

    while (app.sentStates(quiet).isEmpty()) {
      attempts.runNext();
      app.dispatcher.poll();
    }

    assertThat(app.transport.requests()).hasSizeLessThan(40);
  }

  @ParameterizedTest
  @CsvSource({"12, 40", "95, 8"})
  void hanging_webhooks_do_not_delay_other_webhooks_of_their_account(int webhooks, int runs) {
    try (HangingReceivers hanging = new HangingReceivers()) {
      ApplicationFixture app = new ApplicationFixture(CONFIG, hanging);
      Webhook proven = app.createWebhook(1);
      app.startRun("first");
      for (int number = 2; number <= webhooks + 1; number++) {
        hanging.add(app, app.createWebhook(number));
      }

      startMany(app, runs);
      app.dispatcher.poll();
      int sent = app.sentStates(proven).size();
      Webhook added = app.createWebhook(webhooks + 2);
      app.transport.enqueue(added.settings().endpoint(), SERVER_ERROR);
      app.startRun("last");
      int first = app.sentStates(added).size();
      app.advance(Duration.ofHours(1));

      assertThat(hanging.count()).isGreaterThan(150);
      assertThat(sent).isEqualTo(runs + 1);
      assertThat(first).isEqualTo(1);
      assertThat(app.sentStates(added)).hasSize(2);
    }
  }

  /// Runs each task until it ends or its receiver hangs.
  private static final class HangingReceivers implements Executor, AutoCloseable {
    private final Map<Thread, CompletableFuture<Void>> tasks = new ConcurrentHashMap<>();
    private final AtomicInteger hanging = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    void add(ApplicationFixture app, Webhook webhook) {
      for (int i = 0; i < 100; i++) {
        app.transport.enqueue(webhook.settings().endpoint(), ignored -> hang());
      }
    }

    private Outcome hang() {
      hanging.incrementAndGet();
      end();
      try {
        closed.await();
      } catch (InterruptedException ignored) {
        Thread.currentThread().interrupt();
      }
      return SERVER_ERROR;
    }

    int count() {
      return hanging.get();
    }

    @Override
    public void execute(Runnable task) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            tasks.put(Thread.currentThread(), end);
            try {
              task.run();
            } finally {
              end();
            }
          });
      end.join();
    }

    private void end() {
      Optional.ofNullable(tasks.get(Thread.currentThread())).ifPresent(end -> end.complete(null));
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void attempts_are_completed_on_the_executor_of_transactions() {
    ManualExecutor transactions = new ManualExecutor();
    ApplicationFixture app = new ApplicationFixture(CONFIG, attempts, transactions);
    Webhook webhook = app.createWebhook(1);

    app.startRun("run-1");
    attempts.runAll();
    Status sent = app.latestDeliveryOf(webhook).status();
    transactions.runAll();

    assertThat(app.sentStates(webhook)).hasSize(1);
    assertThat(sent).isEqualTo(Status.PENDING);
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void stopping_completes_attempts_in_flight() throws InterruptedException {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook webhook = app.createWebhook(1);
    startMany(app, 3);

    boolean stoppedAtOnce = app.dispatcher.stop(Duration.ZERO);
    attempts.runAll();
    boolean stopped = app.dispatcher.stop(Duration.ZERO);

    assertThat(stoppedAtOnce).isFalse();
    assertThat(stopped).isTrue();
    assertThat(app.sentStates(webhook)).hasSize(1);
    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::attemptCount)
        .containsExactly(0, 0, 1);
  }

  @Test
  void a_stopped_dispatcher_accepts_nothing() throws InterruptedException {
    ApplicationFixture app = new ApplicationFixture(CONFIG, attempts);
    Webhook webhook = app.createWebhook(1);

    app.dispatcher.stop(Duration.ZERO);
    app.startRun("run-1");
    int claimed = app.dispatcher.poll().claimed();

    assertThat(claimed).isZero();
    assertThat(attempts.size()).isZero();
    assertThat(app.latestDeliveryOf(webhook).attemptCount()).isZero();
  }

  @Test
  void an_attempt_that_would_start_shortly_before_its_lease_ends_is_not_made() {
    ApplicationFixture app = new ApplicationFixture(CONFIG, attempts);
    Webhook webhook = app.createWebhook(1);
    app.startRun("run-1");

    app.clock.advance(CONFIG.leaseDuration().minusSeconds(1));
    attempts.runAll();
    List<String> beforePolling = app.sentStates(webhook);
    sendAll(app);

    assertThat(beforePolling).isEmpty();
    assertThat(app.sentStates(webhook)).hasSize(1);
    assertThat(app.latestDeliveryOf(webhook).attemptCount()).isEqualTo(1);
  }

  private static void createWebhooks(ApplicationFixture app, int count) {
    for (int number = 1; number <= count; number++) {
      app.createWebhook(number);
    }
  }

  private static void startMany(ApplicationFixture app, int runs) {
    for (int i = 0; i < runs; i++) {
      app.startRun("run-" + i);
    }
  }

  private void sendAll(ApplicationFixture app) {
    do {
      attempts.runAll();
    } while (app.dispatcher.poll().claimed() > 0);
  }
}
