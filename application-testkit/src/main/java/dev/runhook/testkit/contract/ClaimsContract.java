package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Lease;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may take which delivery.
@Promises
public interface ClaimsContract {
  Transactor transactor();

  @Test
  default void a_parcel_holds_all_that_sending_needs() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    NewDelivery added =
        scene.in(unit -> {
          NewDelivery delivery = scene.move(unit, webhook, run, RunState.PLANNING);
          unit.deliveries().add(List.of(delivery), Duration.ZERO);
          return delivery;
        });

    List<Parcel> claimed = Claims.on(scene).claim();

    assertThat(claimed)
        .containsExactly(new Parcel(new Lease(added.id(), 1, 0), webhook, added.letter()));
    assertThat(claimed.getFirst().letter().move())
        .contains(new Delivery.Move(run.name(), RunState.PLANNING, 2));
  }

  @Test
  default void a_claimed_delivery_is_not_due_until_its_lease_ends() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    scene.deliver(scene.webhook(), scene.run());

    List<Parcel> first = claims.claim(Claims.AN_HOUR);
    List<Parcel> second = claims.claim(Claims.AN_HOUR);

    assertThat(first).hasSize(1);
    assertThat(second).isEmpty();
  }

  @Test
  default void what_is_added_leased_is_the_callers_alone() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();

    NewDelivery added = addLeased(scene, webhook, run);

    List<Parcel> others = claims.claim();
    boolean applied = claims.deliver(added.parcel()).applied().contains(added.id());
    assertThat(others).isEmpty();
    assertThat(applied).isTrue();
    assertThat(claims.find(added.id()).delivery().status()).isEqualTo(Delivery.Status.DELIVERED);
  }

  @Test
  default void only_heads_that_asked_are_leased_when_added() {
    Scene scene = Scene.on(transactor());
    Webhook asking = scene.webhook();
    Webhook waiting = scene.webhook();
    RunId run = scene.run();

    scene.in(unit -> {
      NewDelivery head = leased(scene.move(unit, asking, run));
      NewDelivery blocked = leased(scene.move(unit, asking, run));
      NewDelivery ping = leased(scene.ping(unit, asking));
      NewDelivery unasked = scene.move(unit, waiting, run);
      List<Parcel> leased =
          unit.deliveries().add(List.of(head, blocked, ping, unasked), Claims.AN_HOUR);
      assertThat(leased).containsExactlyInAnyOrder(head.parcel(), ping.parcel());
      return leased;
    });

    assertThat(Claims.on(scene).claim()).extracting(Parcel::webhook).containsExactly(waiting);
  }

  @Test
  default void what_comes_behind_an_open_delivery_is_not_leased_when_added() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    NewDelivery head = addLeased(scene, webhook, run);

    List<Parcel> leased =
        scene.in(unit ->
            unit.deliveries().add(List.of(leased(scene.move(unit, webhook, run))), Claims.AN_HOUR));
    claims.deliver(head.parcel());

    assertThat(leased).isEmpty();
    assertThat(claims.claim())
        .extracting(Parcel::lease)
        .extracting(Lease::attempt)
        .containsExactly(1);
  }

  @Test
  default void deliveries_of_a_paused_webhook_wait() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook =
        scene.webhook(
            new Health.Paused(scene.now(), 10, scene.now().plus(Claims.AN_HOUR), "a timeout"));
    DeliveryId delivery = scene.deliver(webhook, scene.run());

    List<DeliveryId> whilePaused = claims.claimIds();
    scene.judge(webhook, Health.healthy());

    assertThat(whilePaused).isEmpty();
    assertThat(claims.claimIds()).containsExactly(delivery);
  }

  @Test
  default void a_paused_webhook_with_a_probe_due_gets_one_delivery() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook =
        scene.webhook(new Health.Paused(scene.now(), 10, scene.now().minusSeconds(1), "a timeout"));
    DeliveryId first = scene.deliver(webhook, scene.run());
    scene.deliver(webhook, scene.run());
    scene.deliver(webhook, scene.run());

    List<DeliveryId> probe = claims.claimIds();
    List<DeliveryId> whileProbed = claims.claimIds();

    assertThat(probe).containsExactly(first);
    assertThat(whileProbed).isEmpty();
  }

  @Test
  default void deliveries_of_a_disabled_webhook_wait() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    DeliveryId delivery = scene.deliver(webhook, scene.run());

    scene.judge(webhook, new Health.Disabled(scene.now(), "disabled by Ada"));
    List<DeliveryId> whileDisabled = claims.claimIds();
    scene.judge(webhook, Health.healthy());

    assertThat(whileDisabled).isEmpty();
    assertThat(claims.claimIds()).containsExactly(delivery);
  }

  private static NewDelivery addLeased(Scene scene, Webhook webhook, RunId run) {
    return scene.in(unit -> {
      NewDelivery delivery = leased(scene.move(unit, webhook, run));
      assertThat(unit.deliveries().add(List.of(delivery), Claims.AN_HOUR))
          .containsExactly(delivery.parcel());
      return delivery;
    });
  }

  private static NewDelivery leased(NewDelivery delivery) {
    return new NewDelivery(delivery.id(), delivery.webhook(), delivery.letter(), true);
  }
}
