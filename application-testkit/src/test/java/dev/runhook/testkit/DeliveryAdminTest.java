package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.delivery.DeliveryStory;
import dev.runhook.application.delivery.ShownRequest;
import dev.runhook.application.delivery.ShownRequest.Basis;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.webhook.NewSecret;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeliveryAdminTest {
  private final World world = new World();
  private final Webhook webhook = world.webhook(1);

  @Test
  void a_ping_goes_the_way_of_real_events() {
    Delivery ping = world.deliveries.ping(Samples.DEMO, webhook.id(), World.ADA);

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

    world.deliveries.ping(Samples.DEMO, webhook.id(), World.ADA);

    assertThat(world.transport.requestsTo(webhook.settings().endpoint())).hasSize(2);
    assertThat(world.transport.requestsTo(other.settings().endpoint())).hasSize(1);
  }

  @Test
  void a_disabled_webhook_is_not_pinged() {
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(false), World.ADA);

    Refusal refusal = refusalOf(() -> world.deliveries.ping(Samples.DEMO, webhook.id(), World.ADA));

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
    assertThat(story.body().findPayload()).contains(sent.payload());
    assertThat(story.request().headers()).isEqualTo(sent.headers());
    assertThat(story.attempts()).extracting(Attempt::number).containsExactly(1, 2);
    assertThat(story.attempts().getFirst().startedAt()).isEqualTo(Samples.NOON);
    assertThat(story.explain()).hasSize(4);
    assertThat(story.explain().get(0)).contains("QUEUED").contains("run-1");
    assertThat(story.explain().get(1)).contains("REJECTED").contains("500");
    assertThat(story.explain().get(3)).isEqualTo("delivered with attempt 2");
  }

  @Test
  void a_story_tells_what_was_sent_whatever_the_webhook_became_since() {
    world.transport.next(webhook.settings().endpoint(), World.ERROR);
    world.start("run-1");
    CustomHeaders headers = new CustomHeaders(List.of(new Header("X-Key", "2")));
    WebhookEdit edit = WebhookEdit.none().headers(headers).endpoint(Samples.endpoint(2).text());
    world.webhooks.edit(Samples.DEMO, webhook.id(), edit, World.ADA);
    NewSecret next = new NewSecret(Optional.empty(), Duration.ZERO);
    world.webhooks.regenerateSecret(Samples.DEMO, webhook.id(), next, World.ADA);
    DeliveryStory first = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());
    world.pass(Duration.ofSeconds(6));

    DeliveryStory second = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());

    SignedRequest failed = world.transport.requests().getFirst();
    SignedRequest retried = world.transport.requests().getLast();
    assertThat(first.request())
        .isEqualTo(new ShownRequest(Basis.SENT, 1, failed.endpoint(), failed.headers()));
    assertThat(second.request())
        .isEqualTo(new ShownRequest(Basis.SENT, 2, retried.endpoint(), retried.headers()));
    assertThat(second.sent()).isEqualTo(Map.of(1, first.request(), 2, second.request()));
    assertThat(failed.endpoint()).isNotEqualTo(retried.endpoint());
  }

  @Test
  void what_was_never_sent_is_told_apart() {
    world.answers(webhook, World.ERROR);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);

    DeliveryStory waiting = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());

    assertThat(waiting.request().basis()).isEqualTo(Basis.NOT_SENT_YET);
    assertThat(waiting.request().attempt()).isEqualTo(1);
    assertThat(waiting.request().headers())
        .extracting(Header::name)
        .contains("X-Signature-256", "webhook-signature");
    assertThat(waiting.sent()).isEmpty();
  }

  @Test
  void an_attempt_that_sent_nothing_shows_what_would_be_sent() {
    world.answers(webhook, new Outcome.Refused("loopback 127.0.0.0/8"));
    world.start("run-1");

    DeliveryStory story = world.deliveries.find(Samples.ACME, world.latestOf(webhook).id());

    assertThat(story.attempts()).hasSize(1);
    assertThat(story.request().basis()).isEqualTo(Basis.RECOMPUTED);
    assertThat(story.sent()).isEmpty();
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
    DeliveryFilter all = DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, webhook.id()));

    assertThat(list(all.status(Status.FAILED))).isEmpty();
    assertThat(list(all)).hasSize(1);
  }

  @Test
  void deliveries_of_a_run_are_those_to_all_webhooks_of_its_stack() {
    Webhook other = world.webhook(2);
    RunId run = world.start("run-1");
    world.start("run-2");

    List<Delivery> found = list(DeliveryFilter.of(new DeliveryScope.OfRun(run)));

    assertThat(found)
        .extracting(Delivery::webhook)
        .containsExactlyInAnyOrder(webhook.id(), other.id());
    assertThat(found)
        .extracting(delivery -> delivery.move().orElseThrow().run())
        .containsOnly("run-1");
  }

  @Test
  void deliveries_of_an_account_are_those_of_the_stacks_in_reach() {
    world.start("run-1");
    Reach demo = new Reach.SomeStacks(Set.of("demo"));
    Reach net = new Reach.SomeStacks(Set.of("net"));

    assertThat(list(ofAccount(new Reach.AllStacks()))).hasSize(1);
    assertThat(list(ofAccount(demo))).hasSize(1);
    assertThat(list(ofAccount(net))).isEmpty();
  }

  private static DeliveryFilter ofAccount(Reach reach) {
    return DeliveryFilter.of(new DeliveryScope.OfAccount(Samples.ACME, reach, Optional.empty()));
  }

  private List<Delivery> list(DeliveryFilter filter) {
    return world.deliveries.list(filter, PageRequest.first()).items();
  }

  @Test
  void what_is_not_there_is_refused() {
    WebhookId noWebhook = new WebhookId(new UUID(0x7000, 1L << 63));
    RunId noRun = new RunId(Samples.DEMO, "run-0");
    DeliveryId none = new DeliveryId(new UUID(0x7000, 1L << 63));

    assertThat(refusalOf(() -> world.deliveries.find(Samples.ACME, none)))
        .isEqualTo(new Refusal.NoSuchDelivery(none.toString()));
    assertThat(refusalOf(() -> world.deliveries.ping(Samples.DEMO, noWebhook, World.ADA)))
        .isEqualTo(new Refusal.NoSuchWebhook(noWebhook.toString()));
    assertThat(refusalOf(() -> list(DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, noWebhook)))))
        .isEqualTo(new Refusal.NoSuchWebhook(noWebhook.toString()));
    assertThat(refusalOf(() -> list(DeliveryFilter.of(new DeliveryScope.OfRun(noRun)))))
        .isEqualTo(new Refusal.NoSuchRun("run-0"));
  }

  @Test
  void another_account_does_not_see_a_delivery() {
    world.start("run-1");
    DeliveryId id = world.latestOf(webhook).id();

    assertThat(refusalOf(() -> world.deliveries.find(new AccountId("other"), id)))
        .isEqualTo(new Refusal.NoSuchDelivery(id.toString()));
  }
}
