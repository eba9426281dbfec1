package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Refusal;
import dev.runhook.application.delivery.RunExplanation;
import dev.runhook.application.delivery.RunExplanation.Heard;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What each webhook was told of a run, or why not.
class RunExplanationTest {
  private final World world = new World();

  @Test
  void every_transition_is_explained_for_every_webhook() {
    Webhook hearer = world.webhook(1);
    Webhook disabled = world.webhook(2);
    world.webhooks.edit(Samples.DEMO, disabled.id(), WebhookEdit.none().enabled(false), World.ADA);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);
    Webhook late = world.webhook(3);

    RunExplanation explained = world.deliveries.explain(run);

    assertThat(explained.transitions())
        .extracting(told -> told.transition().state())
        .containsExactly(RunState.QUEUED, RunState.READY);
    List<Heard> queued = explained.transitions().getFirst().webhooks();
    assertThat(queued)
        .extracting(Heard::webhook)
        .extracting(Webhook::id)
        .containsExactly(hearer.id(), disabled.id(), late.id());
    assertThat(queued.get(0).explain()).containsExactly("delivered with attempt 1");
    assertThat(queued.get(1).explain())
        .containsExactly(
            "not sent: the webhook was disabled since 2026-03-14T12:00:00Z: disabled by Ada");
    assertThat(queued.get(1).delivery()).isEmpty();
    assertThat(queued.get(2).explain())
        .containsExactly("not sent: the webhook was created later, at 2026-03-14T12:00:00Z");
  }

  @Test
  void what_was_forgotten_is_told_apart_from_a_webhook_that_came_later() {
    Webhook early = world.webhook(1);
    world.clock.advance(Duration.ofMillis(1));
    RunId run = world.start("run-1");
    world.clock.advance(Duration.ofDays(40));
    Webhook late = world.webhook(2);
    world.store.run(unit -> ((InMemoryUnitOfWork) unit).tables().deliveries.clear());

    List<Heard> queued = world.deliveries.explain(run).transitions().getFirst().webhooks();

    assertThat(queued)
        .extracting(heard -> heard.webhook().id())
        .containsExactly(early.id(), late.id());
    assertThat(queued.get(0).explain().getFirst()).endsWith("was forgotten by retention");
    assertThat(queued.get(1).explain())
        .containsExactly("not sent: the webhook was created later, at 2026-04-23T12:00:00.001Z");
  }

  @Test
  void why_a_webhook_heard_nothing_holds_after_it_was_changed() {
    Webhook webhook = world.webhook(1);
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(false), World.ADA);
    RunId run = world.start("run-1");
    world.webhooks.edit(Samples.DEMO, webhook.id(), WebhookEdit.none().enabled(true), World.ADA);

    RunExplanation explained = world.deliveries.explain(run);

    assertThat(explained.transitions().getFirst().webhooks().getFirst().explain().getFirst())
        .contains("disabled by Ada");
  }

  @Test
  void what_waits_in_its_lane_names_the_delivery_that_it_waits_for() {
    Webhook webhook = world.webhook(1);
    world.answers(webhook, World.ERROR);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);
    Delivery head = world.deliveriesOf(webhook).getLast();

    List<String> explain =
        world.deliveries.explain(run).transitions().getLast().webhooks().getFirst().explain();

    assertThat(explain.getFirst()).startsWith("waits for version 1 (QUEUED)");
    assertThat(explain.getFirst()).contains(head.id().toString());
  }

  @Test
  void of_a_transition_that_was_delivered_again_the_latest_is_told() {
    Webhook webhook = world.webhook(1);
    RunId run = world.start("run-1");
    Delivery first = world.latestOf(webhook);
    Delivery again =
        world.deliveries.redeliver(Samples.ACME, new Reach.AllStacks(), first.id(), World.ADA);

    Heard heard = world.deliveries.explain(run).transitions().getFirst().webhooks().getFirst();

    assertThat(heard.delivery().orElseThrow().id()).isEqualTo(again.id());
  }

  @Test
  void a_story_tells_how_each_wait_was_worked_out() {
    Webhook webhook = world.webhook(1);
    world.answers(webhook, World.ERROR);
    world.start("run-1");

    List<String> explain =
        world.deliveries.find(Samples.ACME, world.latestOf(webhook).id()).explain();

    assertThat(explain.get(1)).containsPattern("; the next after 5 s × [01]\\.\\d\\d = [\\d.]+ s$");
  }

  @Test
  void a_run_that_is_not_there_is_refused() {
    RunId none = new RunId(Samples.DEMO, "run-0");

    assertThat(refusalOf(() -> world.deliveries.explain(none)))
        .isEqualTo(new Refusal.NoSuchRun("run-0"));
  }
}
