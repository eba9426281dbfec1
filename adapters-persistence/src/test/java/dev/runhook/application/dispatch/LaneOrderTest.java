package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneOrderTest {
  private final ApplicationFixture app = new ApplicationFixture();

  @Test
  void a_lane_keeps_its_order_across_retries() {
    Webhook webhook = app.createWebhook(1);
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);

    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY, RunState.PREPARING);
    List<String> beforeRetry = app.sentStates(webhook);
    app.advance(Duration.ofSeconds(6));

    assertThat(beforeRetry).containsExactly("QUEUED");
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "QUEUED", "READY", "PREPARING");
  }

  @Test
  void a_lane_continues_after_a_failed_delivery() {
    Webhook webhook = app.createWebhook(1);
    app.transport.enqueue(
        webhook.settings().endpoint(), SERVER_ERROR, SERVER_ERROR, SERVER_ERROR, SERVER_ERROR);

    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY, RunState.PREPARING);
    List.of(6, 36, 144).forEach(seconds -> app.advance(Duration.ofSeconds(seconds)));

    assertThat(app.sentStates(webhook))
        .containsExactly("QUEUED", "QUEUED", "QUEUED", "QUEUED", "READY", "PREPARING");
    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsExactly(Status.DELIVERED, Status.DELIVERED, Status.FAILED);
  }

  @Test
  void a_retry_of_one_run_does_not_delay_another() {
    Webhook webhook = app.createWebhook(1);
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);
    app.startRun("run-1");

    RunId other = app.startRun("run-2");
    app.record(other, RunState.READY);

    assertThat(app.transport.requests())
        .extracting(request -> request.payload().text().contains("run-2"))
        .containsExactly(false, true, true);
  }

  @Test
  void a_failing_receiver_does_not_delay_another() {
    Webhook failing = app.createWebhook(1);
    Webhook healthy = app.createWebhook(2);
    app.respondWith(failing, SERVER_ERROR);

    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);

    assertThat(app.sentStates(failing)).containsExactly("QUEUED");
    assertThat(app.sentStates(healthy)).containsExactly("QUEUED", "READY");
  }
}
