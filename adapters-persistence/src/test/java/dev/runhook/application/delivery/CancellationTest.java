package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Deliveries that users cancel.
class CancellationTest {
  private static final StackScope ALL = new StackScope.All();
  private static final Outcome OK = Outcome.Responded.of(200);

  private final ApplicationFixture app = new ApplicationFixture();
  private final Webhook webhook = app.createWebhook(1);

  private Delivery cancel(Delivery delivery, String reason) {
    return app.deliveries.cancellations().cancel(Samples.ACME, ALL, delivery.id(), reason, ADA);
  }

  private static CancelRequest ofRun(String run) {
    return new CancelRequest(
        Optional.empty(), Optional.empty(), Optional.of(run), Optional.empty(), "");
  }

  private List<Status> statuses() {
    return app.deliveriesOf(webhook).stream().map(Delivery::status).toList();
  }

  @Test
  void the_next_delivery_of_the_run_is_sent_when_its_head_is_canceled() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    app.respondWith(webhook, OK);
    Delivery head = app.deliveriesOf(webhook).getLast();

    Delivery canceled = cancel(head, "the receiver was replaced");
    app.dispatcher.poll();

    assertThat(canceled.status()).isEqualTo(Status.CANCELED);
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "READY");
    assertThat(statuses()).containsExactly(Status.DELIVERED, Status.CANCELED);
    List<Explanation> explanation = app.deliveries.get(Samples.ACME, head.id()).explanation();
    assertThat(explanation.getLast())
        .isEqualTo(
            Code.CANCELED_BECAUSE.with(app.clock.instant(), "Ada", "the receiver was replaced"));
  }

  @Test
  void a_canceled_delivery_can_be_redelivered_and_not_canceled_again() {
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    app.respondWith(webhook, OK);
    Delivery delivery = app.latestDeliveryOf(webhook);
    cancel(delivery, "");

    Refusal again = refusalOf(() -> cancel(delivery, ""));
    app.deliveries.redeliver(Samples.ACME, ALL, delivery.id(), ADA);

    assertThat(again).isEqualTo(new Refusal.DeliveryFinished(delivery.id().toString()));
    assertThat(statuses()).containsExactly(Status.DELIVERED, Status.CANCELED);
  }

  @Test
  void all_deliveries_that_match_are_canceled() {
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY, RunState.PREPARING);
    app.startRun("run-2");
    app.respondWith(webhook, OK);

    int expected =
        app.deliveries.cancellations().preview(Samples.DEMO, webhook.id(), ofRun("run-1"));
    int canceled =
        app.deliveries.cancellations().cancelAll(Samples.DEMO, webhook.id(), ofRun("run-1"), ADA);
    app.advance(Duration.ofMinutes(1));

    assertThat(expected).isEqualTo(3);
    assertThat(canceled).isEqualTo(3);
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "QUEUED", "QUEUED");
    assertThat(statuses())
        .containsExactlyInAnyOrder(
            Status.DELIVERED, Status.CANCELED, Status.CANCELED, Status.CANCELED);
  }
}
