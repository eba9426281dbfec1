package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.webhook.WebhookPatch;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Health.Active;
import dev.runhook.domain.webhook.Health.Disabled;
import dev.runhook.domain.webhook.Health.Paused;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookPauseTest {
  private static final PausePolicy AFTER_3 =
      new PausePolicy(3, List.of(Duration.ofMinutes(1), Duration.ofMinutes(10)));
  private final ApplicationFixture applicationFixture =
      new ApplicationFixture(
          DispatchConfig.of(
              ApplicationFixture.CONFIG.retrySchedule(),
              AFTER_3,
              ApplicationFixture.CONFIG.timeout()));
  private final Webhook webhook = applicationFixture.createWebhook(1);

  @Test
  void failures_in_a_row_pause_a_webhook_and_nothing_more_is_sent() {
    fail("run-1", "run-2", "run-3");
    applicationFixture.startRun("run-4");
    applicationFixture.advance(Duration.ofSeconds(59));

    assertThat(applicationFixture.sentStates(webhook)).hasSize(3);
    assertThat(applicationFixture.reload(webhook).health()).isInstanceOf(Paused.class);
    assertThat(applicationFixture.reload(webhook).health().consecutiveFailures()).isEqualTo(3);
    assertThat(applicationFixture.observer.healthChanges).containsExactly(HealthChange.PAUSED);
    assertThat(applicationFixture.observer.turned.getLast().health()).isInstanceOf(Paused.class);
    assertThat(applicationFixture.latestDeliveryOf(webhook).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void a_success_between_begins_the_count_again() {
    fail("run-1", "run-2");
    applicationFixture.respondWith(webhook, Outcome.Responded.of(200));
    applicationFixture.startRun("run-3");
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);
    applicationFixture.startRun("run-4");

    assertThat(applicationFixture.reload(webhook).health()).isEqualTo(new Active(1));
  }

  @Test
  void a_paused_webhook_gets_one_probe_when_it_is_due_and_the_next_one_later() {
    fail("run-1", "run-2", "run-3");

    applicationFixture.advance(Duration.ofMinutes(1));
    int afterTheFirst = applicationFixture.sentStates(webhook).size();
    applicationFixture.dispatcher.poll();
    applicationFixture.advance(Duration.ofMinutes(9));
    int tooSoon = applicationFixture.sentStates(webhook).size();
    applicationFixture.advance(Duration.ofMinutes(1));

    assertThat(afterTheFirst).isEqualTo(4);
    assertThat(tooSoon).isEqualTo(4);
    assertThat(applicationFixture.sentStates(webhook)).hasSize(5);
    assertThat(applicationFixture.reload(webhook).health().consecutiveFailures()).isEqualTo(5);
  }

  @Test
  void a_webhook_that_is_well_again_catches_up_in_order() {
    fail("run-1", "run-2", "run-3");
    RunId run = applicationFixture.startRun("run-4");
    applicationFixture.record(run, RunState.READY, RunState.PREPARING, RunState.FAILED);
    applicationFixture.respondWith(webhook, Outcome.Responded.of(200));

    applicationFixture.advance(Duration.ofMinutes(1));
    applicationFixture.dispatcher.poll();

    assertThat(applicationFixture.reload(webhook).health()).isEqualTo(Health.healthy());
    assertThat(applicationFixture.observer.healthChanges)
        .containsExactly(HealthChange.PAUSED, HealthChange.RECOVERED);
    assertThat(applicationFixture.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
    assertThat(statesToldOf("run-4")).containsExactly("QUEUED", "READY", "PREPARING", "FAILED");
  }

  @Test
  void another_webhook_goes_on_while_one_is_paused() {
    Webhook healthy = applicationFixture.createWebhook(2);
    fail("run-1", "run-2", "run-3");

    applicationFixture.startRun("run-4");

    assertThat(applicationFixture.sentStates(healthy)).hasSize(4);
  }

  @Test
  void gone_disables_a_webhook_and_gives_the_delivery_up() {
    applicationFixture.respondWith(webhook, Outcome.Responded.of(410));

    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.record(run, RunState.READY);

    assertThat(applicationFixture.reload(webhook).health()).isInstanceOf(Disabled.class);
    assertThat(applicationFixture.observer.healthChanges).containsExactly(HealthChange.DISABLED);
    assertThat(applicationFixture.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsExactly(Status.FAILED);
    assertThat(applicationFixture.sentStates(webhook)).containsExactly("QUEUED");
  }

  @Test
  void what_waited_for_a_disabled_webhook_goes_out_when_it_is_enabled() {
    applicationFixture.transport.enqueue(
        webhook.settings().endpoint(), ApplicationFixture.SERVER_ERROR);
    RunId run = applicationFixture.startRun("run-1");
    applicationFixture.record(run, RunState.READY);
    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(false), ApplicationFixture.ADA);
    applicationFixture.advance(Duration.ofHours(1));
    List<String> whileDisabled = applicationFixture.sentStates(webhook);

    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(true), ApplicationFixture.ADA);
    applicationFixture.dispatcher.poll();

    assertThat(whileDisabled).containsExactly("QUEUED");
    assertThat(applicationFixture.sentStates(webhook)).containsExactly("QUEUED", "QUEUED", "READY");
  }

  private void fail(String... runs) {
    applicationFixture.respondWith(webhook, ApplicationFixture.SERVER_ERROR);
    List.of(runs).forEach(applicationFixture::startRun);
  }

  private List<String> statesToldOf(String run) {
    return applicationFixture.transport.requests().stream()
        .map(request -> request.payload().text())
        .filter(body -> body.contains("\"" + run + "\""))
        .map(body -> body.replaceAll(".*\"state\":\"([A-Z_]+)\".*", "$1"))
        .toList();
  }
}
