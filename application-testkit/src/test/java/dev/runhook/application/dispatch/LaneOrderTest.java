package dev.runhook.application.dispatch;

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

/// The order of deliveries in a lane, and that lanes do not wait for each other.
class LaneOrderTest {
  private final ApplicationFixture applicationFixture = new ApplicationFixture();

  @Test
  void a_lane_keeps_its_order_over_retries() {
    Webhook webhook = applicationFixture.createWebhook(1);
    applicationFixture.transport.enqueue(
        webhook.settings().endpoint(), ApplicationFixture.SERVER_ERROR);

    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.record(run, RunState.READY, RunState.PREPARING);
    List<String> beforeTheRetry = applicationFixture.sentStates(webhook);
    applicationFixture.advance(Duration.ofSeconds(6));

    assertThat(beforeTheRetry).containsExactly("QUEUED");
    assertThat(applicationFixture.sentStates(webhook))
        .containsExactly("QUEUED", "QUEUED", "READY", "PREPARING");
  }

  @Test
  void a_lane_goes_on_after_a_delivery_that_was_given_up() {
    Webhook webhook = applicationFixture.createWebhook(1);
    applicationFixture.transport.enqueue(
        webhook.settings().endpoint(),
        ApplicationFixture.SERVER_ERROR,
        ApplicationFixture.SERVER_ERROR,
        ApplicationFixture.SERVER_ERROR,
        ApplicationFixture.SERVER_ERROR);

    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.record(run, RunState.READY, RunState.PREPARING);
    List.of(6, 36, 144).forEach(seconds -> applicationFixture.advance(Duration.ofSeconds(seconds)));

    assertThat(applicationFixture.sentStates(webhook))
        .containsExactly("QUEUED", "QUEUED", "QUEUED", "QUEUED", "READY", "PREPARING");
    assertThat(applicationFixture.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsExactly(Status.DELIVERED, Status.DELIVERED, Status.FAILED);
  }

  @Test
  void one_runs_retry_delays_no_other_run() {
    Webhook webhook = applicationFixture.createWebhook(1);
    applicationFixture.transport.enqueue(
        webhook.settings().endpoint(), ApplicationFixture.SERVER_ERROR);
    applicationFixture.startRun("run-1");

    RunId other = applicationFixture.startRun("run-2");
    applicationFixture.record(other, RunState.READY);

    assertThat(applicationFixture.transport.requests())
        .extracting(request -> request.payload().text().contains("run-2"))
        .containsExactly(false, true, true);
  }

  @Test
  void one_receivers_failures_delay_no_other_receiver() {
    Webhook failing = applicationFixture.createWebhook(1);
    Webhook healthy = applicationFixture.createWebhook(2);
    applicationFixture.respondWith(failing, ApplicationFixture.SERVER_ERROR);

    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.record(run, RunState.READY);

    assertThat(applicationFixture.sentStates(failing)).containsExactly("QUEUED");
    assertThat(applicationFixture.sentStates(healthy)).containsExactly("QUEUED", "READY");
  }
}
