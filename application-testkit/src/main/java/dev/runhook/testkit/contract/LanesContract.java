package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settled;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The order within a lane: one at a time, by version.
@Promises
public interface LanesContract {
  Transactor transactor();

  @Test
  default void only_the_head_of_a_lane_is_ever_due() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId head = scene.deliver(webhook, run);
    scene.deliver(webhook, run);

    List<DeliveryId> first = claims.claimIds();
    List<DeliveryId> second = claims.claimIds();

    assertThat(first).containsExactly(head);
    assertThat(second).isEmpty();
  }

  @Test
  default void finishing_the_head_frees_the_next_by_version_when_all_came_in_one_batch() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();

    List<NewDelivery> batch =
        scene.in(unit -> {
          NewDelivery first = scene.move(unit, webhook, run);
          NewDelivery second = scene.move(unit, webhook, run);
          NewDelivery third = scene.move(unit, webhook, run);
          unit.deliveries().add(List.of(third, first, second), Duration.ZERO);
          return List.of(first, second, third);
        });

    assertThat(deliverOneByOne(scene)).isEqualTo(batch.stream().map(NewDelivery::id).toList());
  }

  @Test
  default void finishing_the_head_frees_the_next_by_version_when_they_came_one_by_one() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId first = scene.deliver(webhook, run);
    Parcel head = claims.claim().getFirst();
    DeliveryId second = scene.deliver(webhook, run);
    DeliveryId third = scene.deliver(webhook, run);

    claims.deliver(head);

    assertThat(head.lease().delivery()).isEqualTo(first);
    assertThat(deliverOneByOne(scene)).containsExactly(second, third);
  }

  @Test
  default void giving_up_the_head_frees_the_next_too() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);

    Settled settled = claims.giveUp(claims.claim().getFirst());

    assertThat(settled.freed()).extracting(lane -> lane.webhook()).containsExactly(webhook.id());
    assertThat(claims.claimIds()).containsExactly(second);
  }

  @Test
  default void a_retry_delays_only_its_own_lane() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    Webhook otherWebhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    Settled settled = claims.retry(claims.claim().getFirst(), Claims.AN_HOUR);

    scene.deliver(webhook, run);
    DeliveryId otherRun = scene.deliver(webhook, scene.run());
    DeliveryId toOther = scene.deliver(otherWebhook, run);

    assertThat(settled.freed()).isEmpty();
    assertThat(claims.claimIds()).containsExactlyInAnyOrder(otherRun, toOther);
  }

  @Test
  default void a_retry_comes_before_what_follows_in_its_lane() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId first = scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);

    claims.retry(claims.claim().getFirst(), Duration.ZERO);

    assertThat(deliverOneByOne(scene)).containsExactly(first, second);
  }

  @Test
  default void a_lane_that_ran_empty_begins_again() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    claims.deliverAll();

    DeliveryId next = scene.deliver(webhook, run);

    assertThat(claims.claimIds()).containsExactly(next);
  }

  @Test
  default void pings_have_no_lane() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();

    List<NewDelivery> pings =
        scene.in(unit -> {
          List<NewDelivery> both = List.of(scene.ping(unit, webhook), scene.ping(unit, webhook));
          unit.deliveries().add(both, Duration.ZERO);
          return both;
        });

    List<Parcel> claimed = Claims.on(scene).claim();
    assertThat(Claims.ids(claimed)).containsExactlyInAnyOrder(pings.get(0).id(), pings.get(1).id());
    assertThat(claimed).allMatch(parcel -> parcel.letter().kind() == Kind.PING);
    assertThat(Claims.on(scene).deliver(claimed.getFirst()).freed()).isEmpty();
  }

  @Test
  default void a_redelivery_waits_for_what_is_under_way_in_its_lane() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    Parcel old = claims.claim().getFirst();
    claims.deliver(old);
    scene.deliver(webhook, run);
    Parcel underWay = claims.claim().getFirst();

    DeliveryId again = redeliver(scene, old);
    List<DeliveryId> meanwhile = claims.claimIds();
    claims.deliver(underWay);

    assertThat(meanwhile).isEmpty();
    assertThat(claims.claimIds()).containsExactly(again);
    assertThat(claims.find(again).delivery().redeliveryOf()).contains(old.lease().delivery());
  }

  @Test
  default void the_next_of_a_lane_may_be_taken_with_the_settling_of_the_one_before() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);

    List<Parcel> taken = claims.deliverAndTakeNext(claims.claim().getFirst());

    assertThat(taken).extracting(Parcel::lease).containsExactly(new Lease(second, 1, 0));
    assertThat(taken.getFirst().webhook()).isEqualTo(webhook);
    assertThat(claims.claim()).isEmpty();
    assertThat(claims.deliverAndTakeNext(taken.getFirst())).isEmpty();
  }

  @Test
  default void the_next_of_a_lane_is_not_taken_for_a_webhook_that_is_not_active() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);
    Parcel head = claims.claim().getFirst();
    scene.judge(
        webhook, new Health.Paused(scene.now(), 9, scene.now().plus(Claims.AN_HOUR), "a timeout"));

    List<Parcel> taken = claims.deliverAndTakeNext(head);
    List<DeliveryId> whilePaused = claims.claimIds();
    scene.judge(webhook, Health.healthy());

    assertThat(taken).isEmpty();
    assertThat(whilePaused).isEmpty();
    assertThat(claims.claimIds()).containsExactly(second);
  }

  private static List<DeliveryId> deliverOneByOne(Scene scene) {
    Claims claims = Claims.on(scene);
    List<DeliveryId> order = new ArrayList<>();
    for (List<Parcel> due = claims.claim(); !due.isEmpty(); due = claims.claim()) {
      assertThat(due).hasSize(1);
      order.add(due.getFirst().lease().delivery());
      claims.deliver(due.getFirst());
    }
    return order;
  }

  private static DeliveryId redeliver(Scene scene, Parcel old) {
    Letter letter =
        new Letter(
            old.letter().event(),
            old.letter().kind(),
            old.letter().move(),
            old.letter().payload(),
            Optional.of(old.lease().delivery()),
            old.letter().trace());
    return scene.in(unit -> {
      DeliveryId id = scene.newDeliveryIdIn(unit);
      unit.runs()
          .findForUpdate(List.of(new RunId(scene.stackId(), letter.move().orElseThrow().run())));
      unit.deliveries()
          .add(List.of(new NewDelivery(id, old.webhook(), letter, false)), Duration.ZERO);
      return id;
    });
  }
}
