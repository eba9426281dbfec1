package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Redelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a webhook was told of a run before.
@Promises
public interface PreviousVersionContract {
  Transactor transactor();

  @Test
  default void a_delivery_knows_the_version_that_its_webhook_was_told_before() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    Webhook choosy = scene.webhook();
    RunId run = scene.run();

    DeliveryId first = scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);
    claims.deliverAll();
    DeliveryId others = scene.deliver(choosy, run);
    DeliveryId third = scene.deliver(webhook, run);

    assertThat(previous(claims, first)).isEmpty();
    assertThat(previous(claims, second)).contains(2L);
    assertThat(previous(claims, others)).isEmpty();
    assertThat(previous(claims, third)).contains(3L);
    assertThat(claims.find(third).delivery().move())
        .contains(new Delivery.Move(run.name(), RunState.PREPARING, 5, Optional.of(3L)));
  }

  @Test
  default void deliveries_that_are_added_together_know_of_each_other() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();

    List<DeliveryId> added =
        scene.in(unit -> {
          NewDelivery first = scene.move(unit, webhook, run);
          NewDelivery second = scene.move(unit, webhook, run);
          scene.add(unit, List.of(second, first), Duration.ZERO);
          return List.of(first.id(), second.id());
        });

    assertThat(previous(claims, added.getFirst())).isEmpty();
    assertThat(previous(claims, added.getLast())).contains(2L);
    assertThat(claims.claim().getFirst().letter().move().orElseThrow().previous()).isEmpty();
  }

  @Test
  default void what_is_leased_when_added_or_claimed_knows_it_too() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    claims.deliverAll();

    List<Parcel> leased =
        scene.in(unit -> {
          NewDelivery moved = scene.move(unit, webhook, run);
          NewDelivery asking = new NewDelivery(moved.id(), moved.webhook(), moved.letter(), true);
          return scene.add(unit, List.of(asking), Claims.AN_HOUR);
        });
    claims.release(leased.getFirst());
    List<Parcel> claimed = claims.claim();

    assertThat(leased.getFirst().letter().move().orElseThrow().previous()).contains(2L);
    assertThat(claimed).isEqualTo(leased);
  }

  @Test
  default void what_is_delivered_again_knows_what_it_knew_and_is_not_what_was_told_last() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    DeliveryId second = scene.deliver(webhook, run);
    scene.deliver(webhook, run);
    claims.deliverAll();

    DeliveryId again =
        scene.in(unit -> {
          Delivery old = unit.deliveries().find(scene.account(), second).orElseThrow().delivery();
          Letter letter =
              unit.redeliveries().letters(List.of(new Redelivery(second, old.event()))).getFirst();
          unit.runs().findForUpdate(List.of(run));
          NewDelivery repeated =
              new NewDelivery(scene.newDeliveryIdIn(unit), webhook, letter, false);
          scene.add(unit, List.of(repeated), Duration.ZERO);
          return repeated.id();
        });
    DeliveryId next = scene.deliver(webhook, run);

    assertThat(previous(claims, again)).contains(2L);
    assertThat(previous(claims, next)).contains(4L);
  }

  private static Optional<Long> previous(Claims claims, DeliveryId id) {
    return claims.find(id).delivery().move().orElseThrow().previous();
  }
}
