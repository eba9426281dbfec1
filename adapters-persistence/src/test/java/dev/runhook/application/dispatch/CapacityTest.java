package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.ManualExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private final ManualExecutor attempts = new ManualExecutor();

  @Test
  void the_number_of_attempts_per_webhook_is_limited() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(10, 2), attempts);
    Webhook webhook = app.createWebhook(1);

    startMany(app, 6);
    int inFlight = attempts.size();
    attempts.runAll();

    assertThat(inFlight).isEqualTo(2);
    assertThat(app.sentStates(webhook)).hasSize(6);
  }

  @Test
  void the_total_number_of_attempts_is_limited() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(3, 2), attempts);
    app.createWebhook(1);
    app.createWebhook(2);

    startMany(app, 4);
    int inFlight = attempts.size();
    attempts.runAll();

    assertThat(inFlight).isEqualTo(3);
    assertThat(app.transport.requests()).hasSize(8);
  }

  @Test
  void deliveries_beyond_the_memory_limit_are_sent_by_later_polls() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook webhook = app.createWebhook(1);

    startMany(app, 20);
    attempts.runAll();
    int withoutPolling = app.sentStates(webhook).size();
    while (app.dispatcher.poll().claimed() > 0) {
      attempts.runAll();
    }

    assertThat(withoutPolling).isBetween(1, 19);
    assertThat(app.sentStates(webhook)).hasSize(20);
    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void webhooks_take_turns() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(2, 1), attempts);
    Webhook busy = app.createWebhook(1);
    startMany(app, 3);

    Webhook quiet = app.createWebhook(2);
    start(app, "last");
    attempts.runNext();
    attempts.runAll();

    List<Integer> order =
        app.transport.requests().stream()
            .map(request -> request.endpoint().equals(quiet.settings().endpoint()) ? 2 : 1)
            .toList();
    assertThat(app.sentStates(busy)).hasSize(4);
    assertThat(order.indexOf(2)).isLessThanOrEqualTo(1);
  }

  @Test
  void many_lanes_with_backlogs_leave_room_for_other_webhooks() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(2, 1), attempts);
    app.createWebhook(1);
    app.createWebhook(2);
    start(app, "healthy");
    attempts.runAll();
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

  @Test
  void hanging_receivers_do_not_block_a_new_webhook() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(4, 2), attempts);
    for (int number = 1; number <= 6; number++) {
      app.respondWith(app.createWebhook(number), SERVER_ERROR);
    }
    startMany(app, 2);
    attempts.runAll();
    start(app, "hangs");
    int hanging = attempts.size();

    Webhook added = app.createWebhook(7);
    start(app, "served");
    attempts.runLast();

    assertThat(hanging).isEqualTo(2);
    assertThat(app.sentStates(added)).hasSize(1);
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
  void stopping_releases_queued_deliveries_and_completes_attempts_in_flight()
      throws InterruptedException {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook webhook = app.createWebhook(1);
    startMany(app, 3);

    boolean stoppedAtOnce = app.dispatcher.stop(Duration.ZERO);
    attempts.runAll();
    boolean stopped = app.dispatcher.stop(Duration.ZERO);

    List<LeasedDelivery> released =
        app.store.inTransaction(unit ->
            unit.deliveries()
                .claimDue(new ClaimRequest(Duration.ofHours(1), 10, 10, 10, Map.of())));
    assertThat(stoppedAtOnce).isFalse();
    assertThat(stopped).isTrue();
    assertThat(app.sentStates(webhook)).hasSize(1);
    assertThat(released)
        .extracting(LeasedDelivery::lease)
        .extracting(Lease::attempt)
        .containsExactly(1, 1);
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
  void a_delivery_that_is_queued_until_its_lease_nearly_expires_is_released_unsent() {
    ApplicationFixture app = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook webhook = app.createWebhook(1);
    startMany(app, 2);

    app.clock.advance(CONFIG.leaseDuration().minusSeconds(1));
    attempts.runAll();
    List<String> beforePolling = app.sentStates(webhook);
    app.dispatcher.poll();
    attempts.runAll();

    assertThat(beforePolling).hasSize(1);
    assertThat(app.sentStates(webhook)).hasSize(2);
    assertThat(app.deliveriesOf(webhook)).extracting(Delivery::attemptCount).containsOnly(1);
  }

  private void startMany(ApplicationFixture app, int runs) {
    for (int i = 0; i < runs; i++) {
      start(app, "run-" + i);
    }
  }

  /// Leaves the attempts that can start as pending tasks, without the task that starts them.
  private void start(ApplicationFixture app, String run) {
    app.startRun(run);
    attempts.runLast();
  }
}
