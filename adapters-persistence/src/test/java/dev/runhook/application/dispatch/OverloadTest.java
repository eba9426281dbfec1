package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.CONFIG;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The dispatcher with rejected tasks and exhausted capacity.
class OverloadTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  /// The first task is an attempt. The second task completes it.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void a_rejected_task_loses_no_delivery_and_no_slot(int rejected) throws InterruptedException {
    AtomicInteger tasks = new AtomicInteger();
    ApplicationFixture app =
        new ApplicationFixture(
            CONFIG,
            task -> {
              if (tasks.incrementAndGet() == rejected) {
                throw new RejectedExecutionException("rejected by the test");
              }
              task.run();
            });
    Webhook webhook = app.createWebhook(1);

    app.startRun("rejected");
    app.startRun("accepted");
    app.dispatcher.poll();

    assertThat(app.deliveriesOf(webhook))
        .hasSize(2)
        .allMatch(delivery -> delivery.status() == Status.DELIVERED);
    assertThat(app.transport.requests()).hasSize(2);
    assertThat(app.dispatcher.stop(SOON)).isTrue();
  }

  @Test
  void while_no_attempt_can_be_started_claims_are_not_repeated_at_once()
      throws InterruptedException {
    AtomicBoolean refuses = new AtomicBoolean(true);
    ApplicationFixture app =
        new ApplicationFixture(
            CONFIG.withConcurrency(8, 8),
            task -> {
              if (refuses.get()) {
                throw new RejectedExecutionException("rejected by the test");
              }
              task.run();
            });
    Webhook webhook = app.createWebhook(1);
    for (int i = 0; i < 20; i++) {
      app.startRun("run-" + i);
    }
    app.dispatcher.awaitWork(Duration.ZERO);

    PollResult refused = app.dispatcher.poll();
    long waitsFrom = System.nanoTime();
    app.dispatcher.awaitWork(A_MOMENT);

    assertThat(System.nanoTime() - waitsFrom).isGreaterThanOrEqualTo(A_MOMENT.toNanos());
    assertThat(refused.claimed()).isPositive();
    assertThat(refused.limitReached()).isFalse();
    assertThat(refused.timeUntilNextDue()).get().matches(wait -> wait.compareTo(A_MOMENT) > 0);
    refuses.set(false);
    while (app.dispatcher.poll().claimed() > 0) {
      Thread.onSpinWait();
    }
    assertThat(app.deliveriesOf(webhook))
        .hasSize(20)
        .allMatch(delivery -> delivery.status() == Status.DELIVERED);
    assertThat(app.dispatcher.stop(SOON)).isTrue();
  }

  @Test
  void a_webhook_without_free_slots_is_not_claimed_repeatedly() {
    ManualExecutor attempts = new ManualExecutor();
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(100, 1), attempts);
    app.createWebhook(1);
    for (int i = 0; i < 20; i++) {
      app.startRun("run-" + i);
    }

    app.dispatcher.poll();
    PollResult result = app.dispatcher.poll();

    assertThat(result.claimed()).isZero();
    assertThat(result.timeUntilNextDue()).isEmpty();
  }

  @Test
  void deliveries_claimed_during_a_stop_are_released() throws InterruptedException {
    ApplicationFixture app = new ApplicationFixture(CONFIG, new ManualExecutor());
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
