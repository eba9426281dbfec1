package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What an open delivery waits for, and for how long. All tests share a store: what one leaves open
/// is due in no less than about ten minutes, or can be claimed.
@Promises
public interface WaitingContract {
  Duration TEN_MINUTES = Duration.ofMinutes(10);

  Transactor transactor();

  @Test
  default void something_due_is_due_in_no_time() {
    Scene scene = Scene.on(transactor());
    scene.deliver(scene.webhook(), scene.run());

    Optional<Duration> wait = scene.in(unit -> unit.deliveries().untilNextDue());

    assertThat(wait.orElseThrow()).isLessThanOrEqualTo(Duration.ZERO);
  }

  @Test
  default void something_leased_is_due_when_its_lease_ends() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    scene.deliver(scene.webhook(), scene.run());
    claims.claim(TEN_MINUTES);

    Optional<Duration> wait = scene.in(unit -> unit.deliveries().untilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void what_a_paused_webhook_has_due_waits_for_its_probe() {
    Scene scene = Scene.on(transactor());
    Claims.alone(scene);
    scene.deliver(paused(scene, scene.now().plus(TEN_MINUTES)), scene.run());

    Optional<Duration> wait = scene.in(unit -> unit.deliveries().untilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void a_probe_waits_until_something_is_due() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    Webhook webhook = scene.webhook();
    scene.deliver(webhook, scene.run());
    claims.retry(claims.claim().getFirst(), TEN_MINUTES);
    scene.judge(webhook, pausedUntil(scene, scene.now().plusSeconds(30)));

    Optional<Duration> wait = scene.in(unit -> unit.deliveries().untilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void a_probe_that_can_be_made_is_due_in_no_time() {
    Scene scene = Scene.on(transactor());
    Claims.alone(scene);
    scene.deliver(paused(scene, scene.now().minusSeconds(1)), scene.run());

    Optional<Duration> wait = scene.in(unit -> unit.deliveries().untilNextDue());

    assertThat(wait).contains(Duration.ZERO);
  }

  @Test
  default void while_a_probe_is_under_way_nothing_else_of_its_webhook_is_due() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.alone(scene);
    Webhook webhook = paused(scene, scene.now().minusSeconds(1));
    scene.deliver(webhook, scene.run());
    scene.deliver(webhook, scene.run());
    List<Parcel> probe = claims.claim(TEN_MINUTES);

    Optional<Duration> wait = scene.in(unit -> unit.deliveries().untilNextDue());

    assertThat(probe).hasSize(1);
    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void what_waits_in_a_lane_tells_the_head_and_the_head_tells_none() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId first = scene.deliver(webhook, run, RunState.PREPARING);
    DeliveryId second = scene.deliver(webhook, run, RunState.PLANNING);
    DeliveryId third = scene.deliver(webhook, run, RunState.FINISHED);
    scene.deliver(webhook, scene.run());
    scene.deliver(scene.webhook(), run);

    assertThat(claims.find(first).waitsFor()).isEmpty();
    for (DeliveryId waiting : List.of(second, third)) {
      Delivery head = claims.find(waiting).waitsFor().orElseThrow();
      assertThat(head).isEqualTo(claims.find(first).delivery());
    }
  }

  @Test
  default void the_head_that_is_told_is_as_it_stands_now() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId first = scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);
    DeliveryId third = scene.deliver(webhook, run);

    claims.retry(claims.claim().getFirst(), Duration.ZERO);
    Delivery retried = claims.find(third).waitsFor().orElseThrow();
    claims.deliver(claims.claim().getFirst());
    Delivery next = claims.find(third).waitsFor().orElseThrow();

    assertThat(retried.id()).isEqualTo(first);
    assertThat(retried.attempts()).isEqualTo(1);
    assertThat(next.id()).isEqualTo(second);
    assertThat(claims.find(second).waitsFor()).isEmpty();
  }

  @Test
  default void what_is_finished_or_has_no_lane_waits_for_none() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId finished = scene.deliver(webhook, run);
    claims.deliverAll();
    scene.deliver(webhook, run);
    DeliveryId ping =
        scene.in(unit -> {
          NewDelivery added = scene.ping(unit, webhook);
          unit.deliveries().add(List.of(added), Duration.ZERO);
          return added.id();
        });

    assertThat(claims.find(finished).waitsFor()).isEmpty();
    assertThat(claims.find(ping).waitsFor()).isEmpty();
  }

  private static Webhook paused(Scene scene, Instant nextProbe) {
    return scene.webhook(pausedUntil(scene, nextProbe));
  }

  private static Health pausedUntil(Scene scene, Instant nextProbe) {
    return new Health.Paused(scene.now(), 10, nextProbe, "a timeout");
  }
}
