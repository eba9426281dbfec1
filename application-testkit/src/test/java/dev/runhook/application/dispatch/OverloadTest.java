package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.ManualExecutor;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the engine does when its surroundings let it down.
class OverloadTest {
  private static final Duration SOON = Duration.ofMillis(1);

  /// The first task begins attempts, the second is one.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void a_rejected_task_loses_no_delivery(int turnedAway) {
    AtomicInteger tasks = new AtomicInteger();
    ApplicationFixture app =
        new ApplicationFixture(
            ApplicationFixture.CONFIG,
            task -> {
              if (tasks.incrementAndGet() == turnedAway) {
                throw new RejectedExecutionException("planted");
              }
              task.run();
            });
    Webhook webhook = app.createWebhook(1);

    app.startRun("turned-away");
    app.startRun("taken");
    app.dispatcher.poll();

    assertThat(app.deliveriesOf(webhook))
        .hasSize(2)
        .allMatch(delivery -> delivery.status() == Status.DELIVERED);
    assertThat(app.transport.requests()).hasSize(2);
  }

  @Test
  void a_webhook_without_free_slots_is_not_claimed_repeatedly() {
    ManualExecutor attempts = new ManualExecutor();
    ApplicationFixture app =
        new ApplicationFixture(ApplicationFixture.CONFIG.withConcurrency(100, 1), attempts);
    app.createWebhook(1);
    for (int i = 0; i < 20; i++) {
      app.startRun("run-" + i);
    }

    app.dispatcher.poll();
    PollResult inVain = app.dispatcher.poll();

    assertThat(inVain.claimed()).isZero();
    assertThat(inVain.timeUntilNextDue()).isEmpty();
  }

  @Test
  void free_capacity_wakes_the_loop_after_a_full_poll() throws InterruptedException {
    ManualExecutor attempts = new ManualExecutor();
    ApplicationFixture app =
        new ApplicationFixture(ApplicationFixture.CONFIG.withConcurrency(1, 1), attempts);
    Webhook webhook = app.createWebhook(1);
    for (int i = 0; i < 20; i++) {
      app.startRun("run-" + i);
    }
    app.dispatcher.awaitWork(SOON);
    int rounds = 0;

    while (app.sentStates(webhook).size() < 20 && rounds < 50) {
      app.dispatcher.poll();
      attempts.runAll();
      rounds++;
    }

    assertThat(app.sentStates(webhook)).hasSize(20);
    assertThat(rounds).isLessThan(20);
  }

  @Test
  void deliveries_claimed_during_a_stop_are_released() throws InterruptedException {
    ApplicationFixture app =
        new ApplicationFixture(ApplicationFixture.CONFIG, new ManualExecutor());
    Webhook webhook = app.createWebhook(1);
    app.journal(DispatchHandoff.none(), Runnable::run)
        .start(Samples.newRun(new RunId(Samples.DEMO, "late")));

    boolean stopped = app.dispatcher.stop(SOON);
    PollResult afterwards = app.dispatcher.poll();

    assertThat(stopped).isTrue();
    assertThat(afterwards.claimed()).isZero();
    assertThat(app.latestDeliveryOf(webhook).attemptCount()).isZero();
    assertThat(app.transport.requests()).isEmpty();
  }
}
