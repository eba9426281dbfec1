package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.delivery.RunExplanation.WebhookOutcome;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RunExplanationTest {
  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);

  private List<WebhookOutcome> outcomesOfTransition(int index, RunId run) {
    return app.deliveries
        .explain(run, PageRequest.first())
        .transitions()
        .items()
        .reversed()
        .get(index)
        .webhooks();
  }

  @Test
  void every_transition_is_explained_for_every_webhook() {
    Webhook receiver = app.createWebhook(1);
    Webhook disabled = app.createWebhook(2);
    app.webhooks.update(
        Samples.DEMO, disabled.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    Webhook late = app.createWebhook(3);

    RunExplanation explanation = app.deliveries.explain(run, PageRequest.first());

    assertThat(explanation.transitions().items().reversed())
        .extracting(transitionExplanation -> transitionExplanation.transition().state())
        .containsExactly(RunState.QUEUED, RunState.READY);
    List<WebhookOutcome> queued =
        explanation.transitions().items().reversed().getFirst().webhooks();
    assertThat(queued)
        .extracting(WebhookOutcome::webhook)
        .extracting(Webhook::id)
        .containsExactly(receiver.id(), disabled.id(), late.id());
    assertThat(queued.get(0).explanation()).containsExactly(Code.DELIVERED.with(1));
    assertThat(queued.get(1).explanation())
        .containsExactly(Code.SKIPPED_DISABLED.with(Samples.NOON, "Ada"));
    assertThat(queued.get(1).delivery()).isEmpty();
    assertThat(queued.get(2).explanation()).containsExactly(Code.CREATED_LATER.with(Samples.NOON));
  }

  @Test
  void two_webhooks_with_one_endpoint_cause_two_deliveries_and_are_explained() {
    Webhook own = app.createWebhook(1);
    app.createWebhook(2);
    app.accountWebhooks.create(
        Samples.ACME, CreateWebhookRequest.of(Samples.endpoint(1).text()), ADA);
    RunId run = app.startRun("run-1");

    List<WebhookOutcome> outcomes = outcomesOfTransition(0, run);

    assertThat(app.transport.requestsTo(own.settings().endpoint())).hasSize(2);
    assertThat(outcomes)
        .extracting(WebhookOutcome::explanation)
        .containsExactly(
            List.of(Code.DELIVERED.with(1), Code.SAME_ENDPOINT.with(2)),
            List.of(Code.DELIVERED.with(1)),
            List.of(Code.DELIVERED.with(1), Code.SAME_ENDPOINT.with(2)));
  }

  @Test
  void an_expired_delivery_is_distinguished_from_a_webhook_created_later() {
    Webhook early = app.createWebhook(1);
    app.clock.advance(Duration.ofMinutes(2));
    RunId run = app.startRun("run-1");
    app.clock.advance(Duration.ofDays(40));
    Webhook late = app.createWebhook(2);
    store.execute("delete from runhook.delivery"); // its partition was dropped

    List<WebhookOutcome> queued = outcomesOfTransition(0, run);

    assertThat(queued)
        .extracting(outcome -> outcome.webhook().id())
        .containsExactly(early.id(), late.id());
    assertThat(queued.get(0).explanation()).containsExactly(Code.EXPIRED.with());
    assertThat(queued.get(1).explanation())
        .containsExactly(Code.CREATED_LATER.with(late.createdAt()));
  }

  @Test
  void a_webhook_that_is_committed_after_the_event_was_created_later_even_if_its_time_is_earlier() {
    Instant begin = app.clock.instant();
    app.clock.advance(Duration.ofSeconds(5));
    RunId run = app.startRun("run-1");
    WebhookId id = new WebhookId(app.ids.next(Samples.DEMO));
    app.store.run(
        unit -> unit.webhooks().add(Samples.webhook(id, Samples.DEMO, Samples.endpoint(1), begin)));

    assertThat(outcomesOfTransition(0, run))
        .extracting(WebhookOutcome::explanation)
        .containsExactly(List.of(Code.CREATED_LATER.with(begin)));
  }

  @Test
  void the_reason_for_a_skip_survives_later_changes_of_the_webhook() {
    Webhook webhook = app.createWebhook(1);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    RunId run = app.startRun("run-1");
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(true), ADA);

    assertThat(outcomesOfTransition(0, run).getFirst().explanation().getFirst())
        .isEqualTo(Code.SKIPPED_DISABLED.with(Samples.NOON, "Ada"));
  }

  @Test
  void a_delivery_waiting_in_its_lane_names_the_delivery_that_blocks_it() {
    Webhook webhook = app.createWebhook(1);
    app.respondWith(webhook, SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    Delivery head = app.deliveriesOf(webhook).getLast();

    List<Explanation> explanation = outcomesOfTransition(1, run).getFirst().explanation();

    assertThat(explanation)
        .containsExactly(
            Code.LANE_HEAD_DUE.with(
                1, "QUEUED", "run-1", head.id(), head.nextAttemptAt().orElseThrow(), 1));
  }

  @Test
  void the_latest_redelivery_of_a_transition_is_shown() {
    Webhook webhook = app.createWebhook(1);
    RunId run = app.startRun("run-1");
    Delivery first = app.latestDeliveryOf(webhook);
    Delivery redelivery =
        app.deliveries.redeliver(Samples.ACME, new StackScope.All(), first.id(), ADA);

    WebhookOutcome outcome = outcomesOfTransition(0, run).getFirst();

    assertThat(outcome.delivery().orElseThrow().id()).isEqualTo(redelivery.id());
  }

  @Test
  void delivery_details_explain_each_retry_delay() {
    Webhook webhook = app.createWebhook(1);
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");

    List<Explanation> explanation =
        app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id()).explanation();

    assertThat(explanation.get(1).code()).isEqualTo(Code.ATTEMPT_RETRIED);
    assertThat(explanation.get(1).params().get("delay")).matches("5 s × [01]\\.\\d\\d = [\\d.]+ s");
  }

  @Test
  void many_deleted_webhooks_shorten_the_pages_and_each_transition_is_on_one() {
    List<Webhook> webhooks = IntStream.range(0, 40).mapToObj(this::createWithLongEndpoint).toList();
    RunId run = app.startRun("run-1");
    for (int i = 0; i < 15; i++) {
      app.record(run, RunState.PLANNING, RunState.REPLAN_REQUESTED);
    }
    webhooks.forEach(webhook -> app.webhooks.delete(Samples.DEMO, webhook.id(), ADA));

    List<RunExplanation> pages = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      pages.add(app.deliveries.explain(run, new PageRequest(PageRequest.MAX_LIMIT, after)));
      after = pages.getLast().transitions().next();
    } while (after.isPresent());

    assertThat(pages).hasSizeGreaterThan(2);
    assertThat(pages).allMatch(page -> lengthOfEndpoints(page) < 1_000_000);
    assertThat(pages.stream().flatMap(page -> page.transitions().items().stream()))
        .extracting(explained -> explained.transition().version())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 31).boxed().toList().reversed());
    assertThat(pages.getFirst().transitions().items().getFirst().webhooks()).hasSize(40);
  }

  private Webhook createWithLongEndpoint(int number) {
    return app.createWebhook(
        CreateWebhookRequest.of(Samples.endpoint(number).text() + "?" + "x".repeat(1_900)));
  }

  private static int lengthOfEndpoints(RunExplanation page) {
    return page.transitions().items().stream()
        .flatMap(explained -> explained.webhooks().stream())
        .mapToInt(outcome -> outcome.webhook().settings().endpoint().text().length())
        .sum();
  }

  @Test
  void an_unknown_run_is_refused() {
    RunId none = new RunId(Samples.DEMO, "run-0");

    assertThat(refusalOf(() -> app.deliveries.explain(none, PageRequest.first())))
        .isEqualTo(new Refusal.NoSuchRun("run-0"));
  }
}
