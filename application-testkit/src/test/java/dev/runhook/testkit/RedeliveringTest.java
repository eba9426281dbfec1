package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Refusal;
import dev.runhook.application.delivery.Replay;
import dev.runhook.application.delivery.Replayed;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.webhook.PaceEdit;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What was sent is sent once more, and by the way of what is new.
class RedeliveringTest {
  private static final Reach ALL = new Reach.AllStacks();
  private static final Outcome OK = Outcome.Answered.of(200);

  private final World world = new World();

  /// It never retries, so that what fails has failed.
  private final Webhook webhook =
      world.webhook(
          WebhookDraft.of(Samples.endpoint(1).text())
              .pace(new Pace(Optional.empty(), Optional.of(List.of()))));

  @Test
  void a_redelivery_sends_the_same_bytes_of_the_same_event_and_names_what_it_repeats() {
    world.start("run-1");
    Delivery first = world.latestOf(webhook);

    Delivery again = world.deliveries.redeliver(Samples.ACME, ALL, first.id(), World.ADA);

    SignedRequest sent = world.transport.requests().getFirst();
    SignedRequest repeated = world.transport.requests().getLast();
    assertThat(again.id()).isNotEqualTo(first.id());
    assertThat(again.event()).isEqualTo(first.event());
    assertThat(again.move()).isEqualTo(first.move());
    assertThat(again.redeliveryOf()).contains(first.id());
    assertThat(repeated.payload()).isEqualTo(sent.payload());
    assertThat(repeated.headers())
        .contains(
            new Header("X-Runhook-Delivery", again.id().toString()),
            new Header("X-Runhook-Redelivery-Of", first.id().toString()),
            new Header("webhook-id", first.event().toString()));
    assertThat(sent.headers()).extracting(Header::name).doesNotContain("X-Runhook-Redelivery-Of");
    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void a_ping_can_be_redelivered() {
    Delivery ping = world.deliveries.ping(Samples.DEMO, webhook.id(), World.ADA);

    world.deliveries.redeliver(Samples.ACME, ALL, ping.id(), World.ADA);

    assertThat(world.transport.requests()).hasSize(2);
  }

  @Test
  void a_redelivery_waits_for_its_lane() {
    Webhook patient = world.webhook(2);
    world.answers(patient, OK);
    RunId run = world.start("run-1");
    Delivery first = world.latestOf(patient);
    world.transport.next(patient.settings().endpoint(), World.ERROR);
    world.move(run, RunState.READY);

    world.deliveries.redeliver(Samples.ACME, ALL, first.id(), World.ADA);
    List<String> before = world.told(patient);
    world.pass(Duration.ofMinutes(2));
    world.pass(Duration.ofMinutes(2));

    assertThat(before).containsExactly("QUEUED", "READY");
    assertThat(world.told(patient)).containsExactly("QUEUED", "READY", "READY", "QUEUED");
  }

  @Test
  void a_failed_redelivery_counts_for_the_health_of_its_webhook() {
    world.start("run-1");
    world.answers(webhook, World.ERROR);

    world.deliveries.redeliver(Samples.ACME, ALL, world.latestOf(webhook).id(), World.ADA);

    assertThat(world.now(webhook).health().consecutiveFailures()).isEqualTo(1);
  }

  @Test
  void what_is_not_there_or_out_of_reach_is_not_redelivered() {
    world.start("run-1");
    DeliveryId id = world.latestOf(webhook).id();
    DeliveryId none = new DeliveryId(new UUID(0x7000, 1L << 63));
    Reach elsewhere = new Reach.SomeStacks(Set.of("net"));

    assertThat(refusalOf(() -> world.deliveries.redeliver(Samples.ACME, ALL, none, World.ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(none.toString()));
    assertThat(refusalOf(() -> world.deliveries.redeliver(Samples.ACME, elsewhere, id, World.ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
    assertThat(
            refusalOf(() -> world.deliveries.redeliver(new AccountId("other"), ALL, id, World.ADA)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
    assertThat(world.transport.requests()).hasSize(1);
  }

  @Test
  void nothing_is_repeated_to_a_disabled_webhook() {
    world.start("run-1");
    DeliveryId id = world.latestOf(webhook).id();
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(false), World.ADA);
    Refusal disabled = new Refusal.WebhookIsDisabled("disabled by Ada");

    assertThat(refusalOf(() -> world.deliveries.redeliver(Samples.ACME, ALL, id, World.ADA)))
        .isEqualTo(disabled);
    assertThat(refusalOf(() -> replay(Status.DELIVERED))).isEqualTo(disabled);
    assertThat(world.transport.requests()).hasSize(1);
  }

  @Test
  void a_replay_repeats_what_failed_in_the_order_of_each_run() {
    world.answers(webhook, World.ERROR);
    RunId one = world.start("run-1");
    world.start("run-2");
    world.move(one, RunState.READY, RunState.PREPARING);
    world.answers(webhook, OK);
    world.move(one, RunState.INITIALIZING);
    int before = world.transport.requests().size();

    Replayed replayed = replay(Status.FAILED);

    List<SignedRequest> again =
        world.transport.requests().subList(before, world.transport.requests().size());
    assertThat(replayed).isEqualTo(new Replayed(4, 4));
    assertThat(again)
        .extracting(request -> request.payload().text())
        .filteredOn(text -> text.contains("run-1"))
        .satisfiesExactly(
            text -> assertThat(text).contains("QUEUED"),
            text -> assertThat(text).contains("READY"),
            text -> assertThat(text).contains("PREPARING"));
    assertThat(again).hasSize(4);
  }

  @Test
  void a_dry_run_counts_and_sends_nothing() {
    world.answers(webhook, World.ERROR);
    world.start("run-1");

    Replayed replayed =
        world.deliveries.replay(
            Samples.DEMO,
            webhook.id(),
            new Replay(Instant.EPOCH, Optional.empty(), Status.FAILED, true),
            World.ADA);

    assertThat(replayed).isEqualTo(new Replayed(1, 0));
    assertThat(world.transport.requests()).hasSize(1);
  }

  @Test
  void what_is_on_its_way_already_is_not_replayed_again() {
    world.answers(webhook, World.ERROR);
    world.start("run-1");
    world.start("run-2");
    world.webhooks.edit(
        Samples.DEMO,
        webhook.id(),
        WebhookEdit.none()
            .pace(
                new PaceEdit(
                    Optional.empty(), Optional.of(new PaceEdit.Choice<>(Optional.empty())))),
        World.ADA);

    Replayed first = replay(Status.FAILED);
    Replayed second = replay(Status.FAILED);

    assertThat(first).isEqualTo(new Replayed(2, 2));
    assertThat(second).isEqualTo(new Replayed(2, 0));
  }

  @Test
  void a_replay_of_many_goes_in_parts_and_leaves_none_out() {
    for (int i = 0; i < 600; i++) {
      world.start("run-" + i);
    }

    Replayed replayed = replay(Status.DELIVERED);
    for (int i = 0; i < 20; i++) {
      world.dispatcher.round();
    }

    assertThat(replayed).isEqualTo(new Replayed(600, 600));
    assertThat(world.transport.requests()).hasSize(1200);
  }

  private Replayed replay(Status status) {
    return world.deliveries.replay(
        Samples.DEMO,
        webhook.id(),
        new Replay(Instant.EPOCH, Optional.empty(), status, false),
        World.ADA);
  }
}
