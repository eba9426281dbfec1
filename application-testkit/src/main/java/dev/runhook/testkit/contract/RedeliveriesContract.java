package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Redelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What may be delivered once more.
@Promises
public interface RedeliveriesContract {
  int MANY = 100;

  Transactor transactor();

  @Test
  default void what_ended_as_asked_for_matches_in_the_order_of_its_events() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId first = scene.deliver(webhook, run, RunState.PLANNING);
    claims.giveUp(claims.claim().getFirst());
    DeliveryId second = scene.deliver(webhook, run, RunState.FAILED);
    claims.giveUp(claims.claim().getFirst());
    DeliveryId delivered = scene.deliver(webhook, run);
    claims.deliverAll();
    DeliveryId elsewhere = scene.deliver(scene.webhook(), run);
    claims.giveUp(claims.claim().getFirst());
    scene.deliver(webhook, run);

    assertThat(ids(matching(scene, failed(webhook), MANY)))
        .containsExactly(first, second)
        .doesNotContain(elsewhere);
    assertThat(ids(matching(scene, failed(webhook), 1))).hasSize(1);
    assertThat(ids(matching(scene, all(webhook).status(Status.DELIVERED), MANY)))
        .containsExactly(delivered);
    assertThat(ids(matching(scene, all(webhook), MANY))).containsExactly(first, second, delivered);
  }

  @Test
  default void a_span_of_time_leaves_out_what_came_to_be_before_and_after() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    DeliveryId id = scene.deliver(webhook, scene.run());
    claims.giveUp(claims.claim().getFirst());
    Instant created = id.createdAt();

    assertThat(ids(matching(scene, failed(webhook).from(created), MANY))).containsExactly(id);
    assertThat(matching(scene, failed(webhook).from(created.plusMillis(1)), MANY)).isEmpty();
    assertThat(matching(scene, failed(webhook).to(created), MANY)).isEmpty();
  }

  @Test
  default void of_deliveries_that_told_the_same_the_latest_matches() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId first = scene.deliver(webhook, run);
    claims.giveUp(claims.claim().getFirst());
    DeliveryId again = redeliver(scene, webhook, first);
    claims.giveUp(claims.claim().getFirst());

    List<Redelivery> matched = matching(scene, failed(webhook), MANY);

    assertThat(ids(matched)).containsExactly(again);
  }

  @Test
  default void a_letter_that_is_sent_again_carries_the_same_and_names_which_it_was() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    DeliveryId id = scene.deliver(webhook, scene.run());
    Letter told = claims.claim().getFirst().letter();
    Redelivery wanted = new Redelivery(id, told.event());
    Redelivery forgotten = new Redelivery(id, scene.newEventId());

    List<Letter> letters =
        scene.in(unit -> unit.redeliveries().letters(List.of(forgotten, wanted)));

    assertThat(letters)
        .containsExactly(
            new Letter(
                told.event(),
                told.kind(),
                told.move(),
                told.payload(),
                Optional.of(id),
                told.trace()));
  }

  @Test
  default void what_is_on_its_way_to_the_webhook_is_known() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    EventId told = claims.claim().getFirst().letter().event();
    EventId ping =
        scene.in(unit -> {
          NewDelivery added = scene.ping(unit, webhook);
          unit.deliveries().add(List.of(added), Duration.ZERO);
          return added.letter().event();
        });
    List<EventId> asked = List.of(told, ping, scene.newEventId());
    WebhookId another = scene.newWebhookId();

    assertThat(scene.<Set<EventId>>in(unit -> unit.redeliveries().open(webhook.id(), asked)))
        .containsExactlyInAnyOrder(told, ping);
    assertThat(scene.<Set<EventId>>in(unit -> unit.redeliveries().open(another, asked))).isEmpty();
  }

  @Test
  default void a_delivery_that_repeats_another_tells_which() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    DeliveryId first = scene.deliver(webhook, scene.run());
    claims.deliverAll();

    DeliveryId again = redeliver(scene, webhook, first);
    Delivery open = claims.find(again).delivery();
    Letter sent = claims.claim().getFirst().letter();
    claims.deliverAll();

    assertThat(open.redeliveryOf()).contains(first);
    assertThat(sent.redeliveryOf()).contains(first);
    assertThat(claims.find(first).delivery().redeliveryOf()).isEmpty();
  }

  private static DeliveryId redeliver(Scene scene, Webhook webhook, DeliveryId id) {
    return scene.in(unit -> {
      EventId event = unit.deliveries().find(scene.account(), id).orElseThrow().delivery().event();
      Letter letter = unit.redeliveries().letters(List.of(new Redelivery(id, event))).getFirst();
      unit.runs()
          .findForUpdate(List.of(new RunId(webhook.stack(), letter.move().orElseThrow().run())));
      NewDelivery again = new NewDelivery(scene.newDeliveryIdIn(unit), webhook, letter, false);
      unit.deliveries().add(List.of(again), Duration.ZERO);
      return again.id();
    });
  }

  private static DeliveryFilter all(Webhook webhook) {
    return DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id()));
  }

  private static DeliveryFilter failed(Webhook webhook) {
    return all(webhook).status(Status.FAILED);
  }

  private static List<Redelivery> matching(Scene scene, DeliveryFilter filter, int limit) {
    return scene.in(unit -> unit.redeliveries().matching(filter, limit));
  }

  private static List<DeliveryId> ids(List<Redelivery> redeliveries) {
    return redeliveries.stream().map(Redelivery::delivery).toList();
  }
}
