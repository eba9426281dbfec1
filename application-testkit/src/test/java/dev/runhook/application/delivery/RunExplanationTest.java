package dev.runhook.application.delivery;

import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Refusal;
import dev.runhook.application.delivery.RunExplanation.WebhookOutcome;
import dev.runhook.application.webhook.WebhookPatch;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.memory.InMemoryUnitOfWork;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What each webhook was told of a run, or why not.
class RunExplanationTest {
  private final ApplicationFixture applicationFixture = new ApplicationFixture();

  @Test
  void every_transition_is_explained_for_every_webhook() {
    Webhook hearer = applicationFixture.createWebhook(1);
    Webhook disabled = applicationFixture.createWebhook(2);
    applicationFixture.webhooks.update(
        Samples.DEMO, disabled.id(), WebhookPatch.empty().enabled(false), ApplicationFixture.ADA);
    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.record(run, RunState.READY);
    Webhook late = applicationFixture.createWebhook(3);

    RunExplanation explained = applicationFixture.deliveries.explain(run);

    assertThat(explained.transitions())
        .extracting(transitionExplanation -> transitionExplanation.transition().state())
        .containsExactly(RunState.QUEUED, RunState.READY);
    List<WebhookOutcome> queued = explained.transitions().getFirst().webhooks();
    assertThat(queued)
        .extracting(WebhookOutcome::webhook)
        .extracting(Webhook::id)
        .containsExactly(hearer.id(), disabled.id(), late.id());
    assertThat(queued.get(0).explanation()).containsExactly("delivered with attempt 1");
    assertThat(queued.get(1).explanation())
        .containsExactly(
            "not sent: the webhook was disabled since 2026-03-14T12:00:00Z: disabled by Ada");
    assertThat(queued.get(1).delivery()).isEmpty();
    assertThat(queued.get(2).explanation())
        .containsExactly("not sent: the webhook was created later, at 2026-03-14T12:00:00Z");
  }

  @Test
  void what_was_forgotten_is_told_apart_from_a_webhook_that_came_later() {
    Webhook early = applicationFixture.createWebhook(1);
    applicationFixture.clock.advance(Duration.ofMillis(1));
    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.clock.advance(Duration.ofDays(40));
    Webhook late = applicationFixture.createWebhook(2);
    applicationFixture.store.run(unit -> ((InMemoryUnitOfWork) unit).database().deliveries.clear());

    List<WebhookOutcome> queued =
        applicationFixture.deliveries.explain(run).transitions().getFirst().webhooks();

    assertThat(queued)
        .extracting(webhookOutcome -> webhookOutcome.webhook().id())
        .containsExactly(early.id(), late.id());
    assertThat(queued.get(0).explanation().getFirst()).endsWith("was forgotten by retention");
    assertThat(queued.get(1).explanation())
        .containsExactly("not sent: the webhook was created later, at 2026-04-23T12:00:00.001Z");
  }

  @Test
  void why_a_webhook_heard_nothing_holds_after_it_was_changed() {
    Webhook webhook = applicationFixture.createWebhook(1);
    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(false), ApplicationFixture.ADA);
    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(true), ApplicationFixture.ADA);

    RunExplanation explained = applicationFixture.deliveries.explain(run);

    assertThat(explained.transitions().getFirst().webhooks().getFirst().explanation().getFirst())
        .contains("disabled by Ada");
  }

  @Test
  void what_waits_in_its_lane_names_the_delivery_that_it_waits_for() {
    Webhook webhook = applicationFixture.createWebhook(1);
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);
    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.record(run, RunState.READY);
    Delivery head = applicationFixture.deliveriesOf(webhook).getLast();

    List<String> explain =
        applicationFixture
            .deliveries
            .explain(run)
            .transitions()
            .getLast()
            .webhooks()
            .getFirst()
            .explanation();

    assertThat(explain.getFirst()).startsWith("waits for version 1 (QUEUED)");
    assertThat(explain.getFirst()).contains(head.id().toString());
  }

  @Test
  void of_a_transition_that_was_delivered_again_the_latest_is_told() {
    Webhook webhook = applicationFixture.createWebhook(1);
    RunId run = applicationFixture.startRun("run-1");
    Delivery first = applicationFixture.latestDeliveryOf(webhook);
    Delivery again =
        applicationFixture.deliveries.redeliver(
            Samples.ACME, new StackScope.All(), first.id(), ApplicationFixture.ADA);

    WebhookOutcome webhookOutcome =
        applicationFixture.deliveries.explain(run).transitions().getFirst().webhooks().getFirst();

    assertThat(webhookOutcome.delivery().orElseThrow().id()).isEqualTo(again.id());
  }

  @Test
  void a_story_tells_how_each_wait_was_worked_out() {
    Webhook webhook = applicationFixture.createWebhook(1);
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);
    applicationFixture.startRun("run-1");

    List<String> explain =
        applicationFixture
            .deliveries
            .get(Samples.ACME, applicationFixture.latestDeliveryOf(webhook).id())
            .explanation();

    assertThat(explain.get(1)).containsPattern("; the next after 5 s × [01]\\.\\d\\d = [\\d.]+ s$");
  }

  @Test
  void a_run_that_is_not_there_is_refused() {
    RunId none = new RunId(Samples.DEMO, "run-0");

    assertThat(refusalOf(() -> applicationFixture.deliveries.explain(none)))
        .isEqualTo(new Refusal.NoSuchRun("run-0"));
  }
}
