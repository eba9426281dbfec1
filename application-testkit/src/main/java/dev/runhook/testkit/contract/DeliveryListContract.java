package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.DeliveryScope.OfAccount;
import dev.runhook.application.DeliveryScope.OfRun;
import dev.runhook.application.DeliveryScope.OfWebhook;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Lists of deliveries, open and finished.
@Promises
public interface DeliveryListContract {
  Transactor transactor();

  @Test
  default void deliveries_are_filtered_by_what_they_are() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    Webhook other = scene.webhook();
    scene.deliver(other, scene.run());
    RunId run = scene.run();
    DeliveryId delivered = scene.deliver(webhook, run, RunState.PLANNING);
    claims.deliverAll();
    DeliveryId failed = scene.deliver(webhook, run, RunState.FAILED);
    claims.giveUp(claims.claim().getFirst());
    DeliveryId open = scene.deliver(webhook, scene.run(), RunState.PLANNING);

    DeliveryFilter all = of(webhook);

    assertThat(list(scene, all)).containsExactly(open, failed, delivered);
    assertThat(list(scene, all.status(Status.PENDING))).containsExactly(open);
    assertThat(list(scene, all.status(Status.DELIVERED))).containsExactly(delivered);
    assertThat(list(scene, all.status(Status.FAILED))).containsExactly(failed);
    assertThat(list(scene, all.state(RunState.PLANNING))).containsExactly(open, delivered);
    assertThat(list(scene, all.state(RunState.READY))).isEmpty();
    assertThat(list(scene, all.status(Status.PENDING).state(RunState.PLANNING)))
        .containsExactly(open);
    assertThat(list(scene, all.status(Status.DELIVERED).state(RunState.FAILED))).isEmpty();
  }

  @Test
  default void pings_are_listed_with_the_others_unless_a_state_is_asked_for() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    DeliveryId moved = scene.deliver(webhook, scene.run(), RunState.PLANNING);
    DeliveryId ping = ping(scene, webhook);
    DeliveryFilter all = of(webhook);

    List<DeliveryId> open = list(scene, all.status(Status.PENDING));
    Claims.on(scene).deliverAll();

    assertThat(open).containsExactly(ping, moved);
    assertThat(list(scene, all)).containsExactly(ping, moved);
    assertThat(list(scene, all.status(Status.DELIVERED))).containsExactly(ping, moved);
    assertThat(list(scene, all.state(RunState.PLANNING))).containsExactly(moved);
  }

  @Test
  default void deliveries_of_one_run_are_listed_for_a_webhook_and_for_all() {
    Scene scene = Scene.on(transactor());
    Claims claims = Claims.on(scene);
    Webhook webhook = scene.webhook();
    Webhook other = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, scene.run());
    ping(scene, webhook);
    DeliveryId delivered = scene.deliver(webhook, run, RunState.PLANNING);
    claims.deliverAll();
    DeliveryId open = scene.deliver(webhook, run, RunState.FAILED);
    DeliveryId others = scene.deliver(other, run, RunState.FAILED);
    DeliveryFilter ofRun = DeliveryFilter.of(new OfRun(run));

    assertThat(list(scene, ofRun)).containsExactly(others, open, delivered);
    assertThat(list(scene, ofRun.status(Status.DELIVERED))).containsExactly(delivered);
    assertThat(list(scene, ofRun.state(RunState.FAILED))).containsExactly(others, open);
    assertThat(list(scene, ofRun.state(RunState.PLANNING))).containsExactly(delivered);
    assertThat(list(scene, of(webhook, run.name()))).containsExactly(open, delivered);
    assertThat(list(scene, of(webhook, "nobodys"))).isEmpty();
  }

  @Test
  default void deliveries_of_an_account_are_those_of_the_stacks_in_reach() {
    Scene stranger = Scene.on(transactor());
    stranger.deliver(stranger.webhook(), stranger.run());
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    DeliveryId first = scene.deliver(webhook, run);
    Claims.on(scene).deliverAll();
    DeliveryId second = scene.deliver(scene.webhook(), scene.run());
    Reach demo = new Reach.SomeStacks(Set.of("demo", "none"));
    Reach elsewhere = new Reach.SomeStacks(Set.of("none"));

    assertThat(list(scene, ofAccount(scene, new Reach.AllStacks(), Optional.empty())))
        .containsExactly(second, first);
    assertThat(list(scene, ofAccount(scene, demo, Optional.empty())))
        .containsExactly(second, first);
    assertThat(list(scene, ofAccount(scene, demo, Optional.of(run.name())))).containsExactly(first);
    assertThat(list(scene, ofAccount(scene, elsewhere, Optional.empty()))).isEmpty();
    assertThat(list(scene, ofAccount(scene, new Reach.SomeStacks(Set.of()), Optional.empty())))
        .isEmpty();
  }

  @Test
  default void deliveries_to_a_webhook_that_was_deleted_are_listed_nowhere() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    scene.deliver(webhook, run);
    Claims.on(scene).deliverAll();

    scene.in(unit -> unit.webhooks().delete(webhook.stack(), webhook.id()));

    assertThat(list(scene, DeliveryFilter.of(new OfRun(run)))).isEmpty();
    assertThat(list(scene, ofAccount(scene, new Reach.AllStacks(), Optional.empty()))).isEmpty();
  }

  @Test
  default void deliveries_are_filtered_by_their_creation() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    DeliveryId id = scene.deliver(webhook, scene.run());
    Instant created = Claims.on(scene).find(id).delivery().createdAt();

    for (DeliveryFilter all : List.of(of(webhook), of(webhook).state(RunState.PREPARING))) {
      assertThat(list(scene, all.from(created))).containsExactly(id);
      assertThat(list(scene, all.from(created.plusNanos(1)))).isEmpty();
      assertThat(list(scene, all.to(created))).isEmpty();
      assertThat(list(scene, all.to(created.plusNanos(1)))).containsExactly(id);
    }
    assertThat(list(scene, of(webhook).from(Instant.EPOCH.minusSeconds(1)))).containsExactly(id);
    assertThat(list(scene, of(webhook).to(Instant.EPOCH.minusSeconds(1)))).isEmpty();
    assertThat(list(scene, of(webhook).to(Instant.parse("9999-12-31T23:59:59.999Z"))))
        .containsExactly(id);
  }

  @Test
  default void the_newest_delivery_is_first_and_pages_neither_repeat_nor_skip_while_rows_arrive() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    RunId run = scene.run();
    List<DeliveryFilter> ways =
        List.of(
            of(webhook),
            of(webhook).state(RunState.PREPARING),
            of(webhook, run.name()),
            DeliveryFilter.of(new OfRun(run)),
            ofAccount(scene, new Reach.AllStacks(), Optional.empty()));
    List<DeliveryId> added = new ArrayList<>();
    IntStream.range(0, 5).forEach(_ -> added.add(scene.deliver(webhook, run)));

    for (DeliveryFilter all : ways) {
      assertThat(
              walked(
                  scene,
                  all,
                  () -> {
                    Claims.on(scene).deliver(Claims.on(scene).claim().getFirst());
                    scene.deliver(webhook, run);
                  }))
          .isEqualTo(added.reversed());
      added.clear();
      added.addAll(list(scene, of(webhook)).reversed());
    }
  }

  /// All ids, page by page; between any two pages something happens.
  private static List<DeliveryId> walked(Scene scene, DeliveryFilter filter, Runnable between) {
    List<DeliveryId> seen = new ArrayList<>();
    Optional<PageRequest> request = Optional.of(new PageRequest(2, Optional.empty()));
    while (request.isPresent()) {
      PageRequest asked = request.get();
      Page<Delivery> page = scene.in(unit -> unit.deliveries().list(filter, asked));
      page.items().forEach(item -> seen.add(item.id()));
      request = page.next().map(asked::from);
      between.run();
    }
    return seen;
  }

  private static DeliveryId ping(Scene scene, Webhook webhook) {
    return scene.in(unit -> {
      var ping = scene.ping(unit, webhook);
      unit.deliveries().add(List.of(ping), Duration.ZERO);
      return ping.id();
    });
  }

  private static DeliveryFilter of(Webhook webhook) {
    return DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id()));
  }

  private static DeliveryFilter of(Webhook webhook, String run) {
    return DeliveryFilter.of(new OfWebhook(webhook.stack(), webhook.id(), Optional.of(run)));
  }

  private static DeliveryFilter ofAccount(Scene scene, Reach reach, Optional<String> run) {
    return DeliveryFilter.of(new OfAccount(scene.account(), reach, run));
  }

  private static List<DeliveryId> list(Scene scene, DeliveryFilter filter) {
    Page<Delivery> page = scene.in(unit -> unit.deliveries().list(filter, PageRequest.first()));
    return page.items().stream().map(Delivery::id).toList();
  }
}
