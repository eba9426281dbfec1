package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Deliveries that users retry before their time.
class RetryTest {
  private static final StackScope ALL = new StackScope.All();
  private static final Outcome OK = Outcome.Responded.of(200);

  private final ApplicationFixture app = new ApplicationFixture();
  private final Webhook webhook = app.createWebhook(1);

  private Delivery retry(Delivery delivery) {
    return app.deliveries.retry(Samples.ACME, ALL, delivery.id(), ADA);
  }

  private Delivery failOnce(String run) {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun(run);
    app.respondWith(webhook, OK);
    return app.latestDeliveryOf(webhook);
  }

  private List<Status> statuses() {
    return app.deliveriesOf(webhook).stream().map(Delivery::status).toList();
  }

  @Test
  void a_waiting_delivery_is_sent_again_at_once_and_the_others_wait() {
    Delivery first = failOnce("run-1");
    failOnce("run-2");

    Delivery retried = retry(first);
    app.dispatcher.poll();

    assertThat(retried.id()).isEqualTo(first.id());
    assertThat(app.sentStates(webhook)).hasSize(3);
    assertThat(statuses()).containsExactlyInAnyOrder(Status.DELIVERED, Status.PENDING);
    assertThat(app.deliveriesOf(webhook)).hasSize(2);
  }

  @Test
  void the_delivery_that_another_one_waits_for_is_sent_first() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.respondWith(webhook, OK);
    app.record(run, RunState.READY);

    retry(app.latestDeliveryOf(webhook));
    app.dispatcher.poll();

    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "QUEUED", "READY");
  }

  @Test
  void all_waiting_deliveries_of_a_webhook_are_sent_at_once() {
    failOnce("run-1");
    failOnce("run-2");

    int retried = app.deliveries.retryAll(Samples.DEMO, webhook.id(), ADA);
    app.dispatcher.poll();

    assertThat(retried).isEqualTo(2);
    assertThat(statuses()).containsExactly(Status.DELIVERED, Status.DELIVERED);
  }

  @Test
  void a_delivery_that_has_ended_is_not_retried_and_a_pending_one_is_not_redelivered() {
    Delivery pending = failOnce("run-1");

    assertThat(refusalOf(() -> app.deliveries.redeliver(Samples.ACME, ALL, pending.id(), ADA)))
        .isEqualTo(new Refusal.DeliveryPending(pending.id().toString()));
    retry(pending);
    app.dispatcher.poll();
    assertThat(refusalOf(() -> retry(pending)))
        .isEqualTo(new Refusal.DeliveryFinished(pending.id().toString()));
    assertThat(app.deliveriesOf(webhook)).hasSize(1);
  }

  @Test
  void an_event_is_not_redelivered_while_it_is_open_far_back_in_its_lane() {
    RunId run = app.startRun("run-1");
    Delivery delivered = app.latestDeliveryOf(webhook);
    app.respondWith(webhook, SERVER_ERROR);
    Delivery open = app.deliveries.redeliver(Samples.ACME, ALL, delivered.id(), ADA);
    for (int i = 0; i <= PageRequest.MAX_LIMIT; i++) {
      app.record(run, i % 2 == 0 ? RunState.PLANNING : RunState.APPLYING);
    }

    assertThat(refusalOf(() -> app.deliveries.redeliver(Samples.ACME, ALL, delivered.id(), ADA)))
        .isEqualTo(new Refusal.DeliveryPending(open.id().toString()));
  }

  @Test
  void nothing_is_retried_while_the_webhook_is_disabled_or_out_of_scope() {
    Delivery delivery = failOnce("run-1");
    StackScope other = new StackScope.Only(Set.of("net"));

    assertThat(refusalOf(() -> app.deliveries.retry(Samples.ACME, other, delivery.id(), ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(delivery.id().toString()));
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    assertThat(refusalOf(() -> retry(delivery))).isInstanceOf(Refusal.WebhookDisabled.class);
    assertThat(refusalOf(() -> app.deliveries.retryAll(Samples.DEMO, webhook.id(), ADA)))
        .isInstanceOf(Refusal.WebhookDisabled.class);
  }

  @Test
  void nothing_is_retried_while_the_webhook_is_paused() {
    Delivery delivery = failOnce("run-1");
    app.respondWith(webhook, SERVER_ERROR);
    for (int i = 2; !(app.reload(webhook).health() instanceof Health.Paused); i++) {
      app.startRun("run-" + i);
    }

    assertThat(refusalOf(() -> retry(delivery))).isEqualTo(new Refusal.WebhookPaused());
    assertThat(refusalOf(() -> app.deliveries.retryAll(Samples.DEMO, webhook.id(), ADA)))
        .isEqualTo(new Refusal.WebhookPaused());
  }
}
