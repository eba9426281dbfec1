package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookPauseTest {
  private static final PausePolicy AFTER_3 =
      new PausePolicy(3, List.of(Duration.ofMinutes(1), Duration.ofMinutes(10)));
  private final ApplicationFixture app =
      new ApplicationFixture(DispatchConfig.of(CONFIG.retrySchedule(), AFTER_3, CONFIG.timeout()));
  private final Webhook webhook = app.createWebhook(1);

  @Test
  void consecutive_failures_pause_a_webhook() {
    fail("run-1", "run-2", "run-3");
    app.startRun("run-4");
    app.advance(Duration.ofSeconds(59));

    assertThat(app.sentStates(webhook)).hasSize(3);
    assertThat(app.reload(webhook).health()).isInstanceOf(Paused.class);
    assertThat(app.reload(webhook).health().consecutiveFailures()).isEqualTo(3);
    assertThat(app.observer.healthChanges).containsExactly(HealthChange.PAUSED);
    assertThat(app.observer.changedWebhooks.getLast().health()).isInstanceOf(Paused.class);
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void a_success_resets_the_failure_count() {
    fail("run-1", "run-2");
    app.respondWith(webhook, Outcome.Responded.of(200));
    app.startRun("run-3");
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-4");

    assertThat(app.reload(webhook).health().consecutiveFailures()).isEqualTo(1);
  }

  @Test
  void a_paused_webhook_gets_one_probe_at_a_time() {
    fail("run-1", "run-2", "run-3");

    app.advance(Duration.ofMinutes(1));
    int afterProbe = app.sentStates(webhook).size();
    app.dispatcher.poll();
    app.advance(Duration.ofMinutes(9));
    int beforeNextProbe = app.sentStates(webhook).size();
    app.advance(Duration.ofMinutes(1));

    assertThat(afterProbe).isEqualTo(4);
    assertThat(beforeNextProbe).isEqualTo(4);
    assertThat(app.sentStates(webhook)).hasSize(5);
    assertThat(app.reload(webhook).health().consecutiveFailures()).isEqualTo(5);
  }

  @Test
  void a_delivery_without_retries_fails_at_its_probe() {
    Webhook once = app.createWebhookWithoutRetries(2);
    app.respondWith(once, SERVER_ERROR);
    List.of("run-1", "run-2", "run-3", "run-4").forEach(app::startRun);

    app.advance(Duration.ofMinutes(1));

    assertThat(app.reload(once).health()).isInstanceOf(Paused.class);
    assertThat(app.sentStates(once)).hasSize(4);
    assertThat(app.deliveriesOf(once)).extracting(Delivery::status).containsOnly(Status.FAILED);
  }

  @Test
  void a_recovered_webhook_catches_up_in_order() {
    fail("run-1", "run-2", "run-3");
    RunId run = app.startRun("run-4");
    app.record(run, RunState.READY, RunState.PREPARING, RunState.FAILED);
    app.respondWith(webhook, Outcome.Responded.of(200));

    app.advance(Duration.ofMinutes(1));
    app.dispatcher.poll();

    assertThat(app.reload(webhook).health()).isEqualTo(Health.proven());
    assertThat(app.observer.healthChanges)
        .containsExactly(HealthChange.PAUSED, HealthChange.RECOVERED);
    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
    assertThat(sentStatesOf("run-4")).containsExactly("QUEUED", "READY", "PREPARING", "FAILED");
  }

  @Test
  void a_delivered_ping_ends_the_pause() {
    fail("run-1", "run-2", "run-3");
    app.respondWith(webhook, Outcome.Responded.of(200));

    Delivery ping = app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);
    app.dispatcher.poll();
    Health afterPing = app.reload(webhook).health();
    app.dispatcher.poll();

    assertThat(app.deliveries.get(Samples.ACME, ping.id()).attempts()).hasSize(1);
    assertThat(afterPing).isEqualTo(Health.proven());
    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void a_failed_ping_delays_the_next_probe() {
    fail("run-1", "run-2", "run-3");

    app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);
    app.dispatcher.poll();

    assertThat(app.transport.requestsTo(webhook.settings().endpoint())).hasSize(4);
    assertThat(app.reload(webhook).health())
        .isInstanceOfSatisfying(
            Paused.class,
            paused ->
                assertThat(paused.nextProbeAt())
                    .isEqualTo(app.clock.instant().plus(Duration.ofMinutes(10))));
  }

  @Test
  void a_resumed_webhook_catches_up() {
    fail("run-1", "run-2", "run-3");
    app.respondWith(webhook, Outcome.Responded.of(200));

    Webhook resumed = app.webhooks.resume(Samples.DEMO, webhook.id(), ADA);
    Webhook again = app.webhooks.resume(Samples.DEMO, webhook.id(), ADA);
    app.dispatcher.poll();

    assertThat(resumed.health()).isEqualTo(Health.healthy());
    assertThat(again.updatedAt()).isEqualTo(resumed.updatedAt());
    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void a_disabled_webhook_is_not_resumed() {
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);

    assertThat(refusalOf(() -> app.webhooks.resume(Samples.DEMO, webhook.id(), ADA)))
        .isEqualTo(new Refusal.WebhookDisabled("disabled by Ada"));
  }

  @Test
  void a_paused_webhook_does_not_delay_others() {
    Webhook healthy = app.createWebhook(2);
    fail("run-1", "run-2", "run-3");

    app.startRun("run-4");

    assertThat(app.sentStates(healthy)).hasSize(4);
  }

  @Test
  void a_410_response_disables_the_webhook_and_its_event_waits_until_it_is_enabled() {
    app.respondWith(webhook, Outcome.Responded.of(410));
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    app.advance(Duration.ofHours(1));
    Webhook disabled = app.reload(webhook);
    List<String> explanation = explainLatest();

    app.respondWith(webhook, Outcome.Responded.of(200));
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(true), ADA);
    app.dispatcher.poll();

    assertThat(disabled.health()).isInstanceOf(Disabled.class);
    assertThat(app.observer.healthChanges)
        .containsExactly(HealthChange.DISABLED, HealthChange.ENABLED);
    assertThat(explanation.get(1)).endsWith("next attempt after the webhook is enabled");
    assertThat(explanation.getLast()).startsWith("waits because the webhook was disabled");
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "QUEUED");
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void an_event_that_met_a_410_waits_even_if_its_webhook_has_no_retries() {
    Webhook once = app.createWebhookWithoutRetries(2);
    app.respondWith(once, Outcome.Responded.of(410));

    app.startRun("run-1");

    assertThat(app.latestDeliveryOf(once).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void deliveries_that_the_receiver_aborts_fail_at_once_and_do_not_pause_the_webhook() {
    ReceiverResponse abort =
        new ReceiverResponse(
            422, List.of(new Header("webhook-delivery", "abort-message")), "", false);
    app.respondWith(webhook, new Outcome.Responded(abort, Optional.empty()));
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY, RunState.PREPARING, RunState.PLANNING);

    assertThat(app.deliveriesOf(webhook))
        .hasSize(4)
        .allMatch(delivery -> delivery.status() == Status.FAILED && delivery.attemptCount() == 1);
    assertThat(app.reload(webhook).health()).isEqualTo(Health.healthy());
    assertThat(explainLatest())
        .anyMatch(text -> text.contains("status 422 and \"webhook-delivery: abort-message\""))
        .last()
        .asString()
        .startsWith("failed permanently after attempt 1");
  }

  @Test
  void a_receiver_that_aborts_a_probe_ends_the_pause() {
    fail("run-1", "run-2", "run-3");
    ReceiverResponse abort =
        new ReceiverResponse(
            422, List.of(new Header("webhook-delivery", "abort-message")), "", false);
    app.respondWith(webhook, new Outcome.Responded(abort, Optional.empty()));

    app.advance(Duration.ofMinutes(1));
    app.dispatcher.poll();

    assertThat(app.reload(webhook).health()).isEqualTo(Health.healthy());
    assertThat(app.deliveriesOf(webhook)).allMatch(delivery -> delivery.status() == Status.FAILED);
  }

  @Test
  void the_probe_and_the_deliveries_after_it_say_that_they_waited_for_the_pause() {
    fail("run-1", "run-2", "run-3");
    app.respondWith(webhook, Outcome.Responded.of(200));

    app.advance(Duration.ofMinutes(1));
    app.dispatcher.poll();

    assertThat(app.deliveriesOf(webhook))
        .hasSize(3)
        .allSatisfy(delivery ->
            assertThat(app.deliveries.get(Samples.ACME, delivery.id()).explanation())
                .extracting(Explanation::code)
                .containsOnlyOnce(Explanation.Code.WAITED_PAUSED));
  }

  private List<String> explainLatest() {
    return app
        .deliveries
        .get(Samples.ACME, app.latestDeliveryOf(webhook).id())
        .explanation()
        .stream()
        .map(Explanation::text)
        .toList();
  }

  @Test
  void enabling_a_webhook_sends_its_waiting_deliveries() {
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    app.advance(Duration.ofHours(1));
    List<String> whileDisabled = app.sentStates(webhook);

    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(true), ADA);
    app.dispatcher.poll();

    assertThat(whileDisabled).containsExactly("QUEUED");
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "QUEUED", "READY");
  }

  private void fail(String... runs) {
    app.respondWith(webhook, SERVER_ERROR);
    List.of(runs).forEach(app::startRun);
  }

  private List<String> sentStatesOf(String run) {
    return app.transport.requests().stream()
        .map(request -> request.payload().text())
        .filter(body -> body.contains("\"" + run + "\""))
        .map(body -> body.replaceAll(".*\"state\":\"([A-Z_]+)\".*", "$1"))
        .toList();
  }
}
