package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The order of deliveries in a lane, and that lanes do not wait for each other.
class LaneTest {
  private final World world = new World();

  @Test
  void a_lane_keeps_its_order_over_retries() {
    Webhook webhook = world.webhook(1);
    world.transport.next(webhook.settings().endpoint(), World.ERROR);

    RunId run = world.start("run-1");
    world.move(run, RunState.READY, RunState.PREPARING);
    List<String> beforeTheRetry = world.told(webhook);
    world.pass(Duration.ofSeconds(6));

    assertThat(beforeTheRetry).containsExactly("QUEUED");
    assertThat(world.told(webhook)).containsExactly("QUEUED", "QUEUED", "READY", "PREPARING");
  }

  @Test
  void a_lane_goes_on_after_a_delivery_that_was_given_up() {
    Webhook webhook = world.webhook(1);
    world.transport.next(
        webhook.settings().endpoint(), World.ERROR, World.ERROR, World.ERROR, World.ERROR);

    RunId run = world.start("run-1");
    world.move(run, RunState.READY, RunState.PREPARING);
    List.of(6, 36, 144).forEach(seconds -> world.pass(Duration.ofSeconds(seconds)));

    assertThat(world.told(webhook))
        .containsExactly("QUEUED", "QUEUED", "QUEUED", "QUEUED", "READY", "PREPARING");
    assertThat(world.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsExactly(Status.DELIVERED, Status.DELIVERED, Status.FAILED);
  }

  @Test
  void one_runs_retry_delays_no_other_run() {
    Webhook webhook = world.webhook(1);
    world.transport.next(webhook.settings().endpoint(), World.ERROR);
    world.start("run-1");

    RunId other = world.start("run-2");
    world.move(other, RunState.READY);

    assertThat(world.transport.requests())
        .extracting(request -> request.payload().text().contains("run-2"))
        .containsExactly(false, true, true);
  }

  @Test
  void one_receivers_failures_delay_no_other_receiver() {
    Webhook failing = world.webhook(1);
    Webhook healthy = world.webhook(2);
    world.answers(failing, World.ERROR);

    RunId run = world.start("run-1");
    world.move(run, RunState.READY);

    assertThat(world.told(failing)).containsExactly("QUEUED");
    assertThat(world.told(healthy)).containsExactly("QUEUED", "READY");
  }
}
