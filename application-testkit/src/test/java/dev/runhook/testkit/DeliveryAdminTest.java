package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.delivery.DeliveryStory;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeliveryAdminTest {
  private final World world = new World();
  private final Webhook webhook = world.webhook(1);

  @Test
  void a_ping_goes_the_way_of_real_events() {
    Delivery ping = world.deliveries.ping(Samples.DEMO, webhook.id());

    SignedRequest request = world.transport.requests().getFirst();
    assertThat(ping.kind()).isEqualTo(Kind.PING);
    assertThat(ping.move()).isEmpty();
    assertThat(request.payload().text())
        .contains("\"event\":\"ping\"")
        .contains(webhook.id().toString());
    assertThat(request.headers())
        .contains(
            new Header("X-Runhook-Event", "ping"),
            new Header("X-Runhook-Delivery", ping.id().toString()),
            new Header("webhook-id", ping.event().toString()));
    assertThat(world.latestOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void a_ping_goes_to_one_webhook_and_waits_for_no_lane() {
    Webhook other = world.webhook(2);
    world.transport.next(webhook.settings().endpoint(), World.ERROR);
    world.start("run-1");

    world.deliveries.ping(Samples.DEMO, webhook.id());

    assertThat(world.transport.requestsTo(webhook.settings().endpoint())).hasSize(2);
    assertThat(world.transport.requestsTo(other.settings().endpoint())).hasSize(1);
  }

  @Test
  void a_disabled_webhook_is_not_pinged() {
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(false), World.ADA);

    Refusal refusal = refusalOf(() -> world.deliveries.ping(Samples.DEMO, webhook.id()));

    assertThat(refusal).isEqualTo(new Refusal.WebhookIsDisabled("disabled by Ada"));
    assertThat(world.deliveriesOf(webhook)).isEmpty();
  }

  @Test
  void a_story_tells_the_request_the_attempts_and_why() {
    world.transport.next(webhook.settings().endpoint(), World.ERROR);
    world.start("run-1");
    world.pass(Duration.ofSeconds(6));

    DeliveryStory story = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());

    SignedRequest sent = world.transport.requests().getLast();
    assertThat(story.stack()).isEqualTo(Samples.DEMO);
    assertThat(story.body()).isEqualTo(sent.payload());
    assertThat(story.headers()).isEqualTo(sent.headers());
    assertThat(story.attempts()).extracting(Attempt::number).containsExactly(1, 2);
    assertThat(story.attempts().getFirst().startedAt()).isEqualTo(Samples.NOON);
    assertThat(story.explain()).hasSize(4);
    assertThat(story.explain().get(0)).contains("QUEUED").contains("run-1");
    assertThat(story.explain().get(1)).contains("REJECTED").contains("500");
    assertThat(story.explain().get(3)).isEqualTo("delivered with attempt 2");
  }

  @Test
  void a_story_tells_which_delivery_of_its_lane_it_waits_for() {
    world.answers(webhook, World.ERROR);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY, RunState.PREPARING);
    Delivery head = world.deliveriesOf(webhook).getLast();

    DeliveryStory story = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());

    assertThat(story.attempts()).isEmpty();
    assertThat(story.explain()).hasSize(2);
    assertThat(story.explain().getLast())
        .isEqualTo(
            "waits for version 1 (QUEUED) of run run-1, delivery %s, which has had 1 attempt and is under way, or tried next at %s"
                .formatted(head.id(), head.nextAttemptAt().orElseThrow().truncatedTo(MILLIS)));
  }

  @Test
  void a_story_tells_both_of_the_lane_and_of_the_webhook_that_is_waited_for() {
    world.answers(webhook, World.ERROR);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(false), World.ADA);
    Delivery head = world.deliveriesOf(webhook).getLast();

    DeliveryStory story = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());

    assertThat(story.explain()).hasSize(3);
    assertThat(story.explain().get(1))
        .contains("delivery " + head.id())
        .endsWith("has had 1 attempt and waits as well");
    assertThat(story.explain().get(2)).contains("disabled").contains("by Ada");
  }

  @Test
  void a_story_of_the_head_of_a_lane_tells_when_it_is_tried_next() {
    world.answers(webhook, World.ERROR);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);

    DeliveryStory story =
        world.deliveries.find(Samples.ACME, world.deliveriesOf(webhook).getLast().id());

    assertThat(story.explain().getLast()).startsWith("is under way, or tried next at ");
  }

  @Test
  void a_story_tells_that_a_disabled_webhook_is_waited_for() {
    world.answers(webhook, World.ERROR);
    world.start("run-1");
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(false), World.ADA);

    DeliveryStory story = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());

    assertThat(story.explain().getLast()).contains("disabled").contains("by Ada");
  }

  @Test
  void deliveries_of_one_webhook_are_listed_the_newest_first() {
    world.webhook(2);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);

    assertThat(world.deliveriesOf(webhook))
        .extracting(delivery -> delivery.move().orElseThrow().state())
        .containsExactly(RunState.READY, RunState.QUEUED);
  }

  @Test
  void deliveries_may_be_asked_for_by_status() {
    world.answers(webhook, World.ERROR);
    world.start("run-1");
    DeliveryFilter all = DeliveryFilter.of(webhook.id());
    DeliveryFilter failed =
        new DeliveryFilter(
            all.webhook(),
            Optional.of(Status.FAILED),
            all.state(),
            all.run(),
            all.from(),
            all.to());

    assertThat(world.deliveries.list(Samples.DEMO, failed, PageRequest.first()).items()).isEmpty();
    assertThat(world.deliveries.list(Samples.DEMO, all, PageRequest.first()).items()).hasSize(1);
  }

  @Test
  void what_is_not_there_is_refused() {
    WebhookId noWebhook = new WebhookId(new UUID(0x7000, 1L << 63));
    DeliveryId none = new DeliveryId(new UUID(0x7000, 1L << 63));

    assertThat(refusalOf(() -> world.deliveries.find(Samples.ACME, none)))
        .isEqualTo(new Refusal.NoSuchDelivery(none.toString()));
    assertThat(refusalOf(() -> world.deliveries.ping(Samples.DEMO, noWebhook)))
        .isEqualTo(new Refusal.NoSuchWebhook(noWebhook.toString()));
    assertThat(
            refusalOf(() ->
                world.deliveries.list(
                    Samples.DEMO, DeliveryFilter.of(noWebhook), PageRequest.first())))
        .isEqualTo(new Refusal.NoSuchWebhook(noWebhook.toString()));
  }

  @Test
  void another_account_does_not_see_a_delivery() {
    world.start("run-1");
    DeliveryId id = world.latestOf(webhook).id();

    assertThat(refusalOf(() -> world.deliveries.find(new AccountId("other"), id)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
  }
}
