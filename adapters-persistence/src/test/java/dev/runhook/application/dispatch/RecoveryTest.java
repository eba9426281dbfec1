package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to deliveries that wait for hours when their webhook recovers within minutes.
class RecoveryTest {
  private static final RetrySchedule HOURS =
      new RetrySchedule(List.of(Duration.ofHours(5), Duration.ofHours(5)));
  private static final PausePolicy AFTER_3 = new PausePolicy(3, List.of(Duration.ofMinutes(1)));

  private final ApplicationFixture app =
      new ApplicationFixture(DispatchConfig.of(HOURS, AFTER_3, CONFIG.timeout()));
  private final Webhook webhook = app.createWebhook(1);

  @Test
  void a_probe_is_sent_at_its_time_even_if_every_delivery_waits_longer() {
    fail("run-1", "run-2", "run-3");

    app.advance(Duration.ofSeconds(59));
    int beforeTheProbe = app.sentStates(webhook).size();
    app.advance(Duration.ofSeconds(1));

    assertThat(beforeTheProbe).isEqualTo(3);
    assertThat(app.sentStates(webhook)).hasSize(4);
  }

  @Test
  void a_probe_is_not_sent_earlier_than_the_receiver_asks() {
    fail("run-1", "run-2");
    app.respondWith(
        webhook,
        new Outcome.Responded(
            new ReceiverResponse(429, List.of(), "", false), Optional.of(Duration.ofMinutes(7))));
    app.startRun("run-3");

    app.advance(Duration.ofMinutes(6));
    int beforeTheDelay = app.sentStates(webhook).size();
    app.advance(Duration.ofMinutes(1));

    assertThat(beforeTheDelay).isEqualTo(3);
    assertThat(app.sentStates(webhook)).hasSize(4);
  }

  @Test
  void probes_do_not_use_up_the_schedules_of_deliveries() {
    fail("run-1", "run-2", "run-3");

    probe(20, Duration.ofMinutes(1));
    int sent = app.sentStates(webhook).size();
    app.respondWith(webhook, Outcome.Responded.of(200));
    app.advance(Duration.ofMinutes(1));
    app.dispatcher.poll();

    assertThat(sent).isEqualTo(23);
    assertThat(statuses()).hasSize(3).containsOnly(Status.DELIVERED);
  }

  @Test
  void the_schedules_of_deliveries_continue_when_their_webhook_is_resumed() {
    fail("run-1", "run-2", "run-3");
    probe(20, Duration.ofMinutes(1));

    resume();
    List<Status> afterTheSecondAttempt = statuses();
    resume();

    assertThat(afterTheSecondAttempt).containsOnly(Status.PENDING);
    assertThat(statuses()).containsOnly(Status.FAILED);
    assertThat(app.sentStates(webhook)).hasSize(29);
  }

  @Test
  void a_probe_fails_a_delivery_after_its_schedule_has_ended() {
    fail("run-1", "run-2", "run-3");

    probe(19, Duration.ofMinutes(30));
    List<Status> before = statuses();
    probe(4, Duration.ofMinutes(30));

    assertThat(before).containsOnly(Status.PENDING);
    assertThat(statuses()).containsOnly(Status.FAILED);
  }

  private void probe(int times, Duration interval) {
    for (int i = 0; i < times; i++) {
      app.advance(interval);
    }
  }

  private void resume() {
    app.webhooks.resume(Samples.DEMO, webhook.id(), ADA);
    app.dispatcher.poll();
  }

  private List<Status> statuses() {
    return app.deliveriesOf(webhook).stream().map(Delivery::status).toList();
  }

  @Test
  void everything_that_waits_is_sent_when_a_probe_is_delivered() {
    fail("run-1", "run-2", "run-3");
    app.respondWith(webhook, Outcome.Responded.of(200));

    app.advance(Duration.ofMinutes(1));
    app.dispatcher.poll();

    assertThat(app.deliveriesOf(webhook))
        .hasSize(3)
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"enabled", "disabled and enabled", "endpoint"})
  void everything_that_waits_is_sent_when_a_user_changes_the_webhook(String change) {
    fail("run-1", "run-2", "run-3");
    app.respondWith(webhook, Outcome.Responded.of(200));
    UpdateWebhookRequest patch = UpdateWebhookRequest.empty();
    switch (change) {
      case "enabled" -> update(patch.withEnabled(true));
      case "endpoint" -> update(patch.withEndpoint(Samples.endpoint(7).text()));
      default -> {
        update(patch.withEnabled(false));
        update(patch.withEnabled(true));
      }
    }

    app.dispatcher.poll();

    assertThat(app.deliveriesOf(webhook))
        .hasSize(3)
        .extracting(Delivery::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void a_change_of_an_active_webhook_keeps_the_delays() {
    fail("run-1", "run-2");
    app.respondWith(webhook, Outcome.Responded.of(200));

    update(UpdateWebhookRequest.empty().withHeaders(CustomHeaders.none()));
    app.startRun("run-3");
    app.dispatcher.poll();

    assertThat(app.deliveriesOf(webhook))
        .extracting(Delivery::status)
        .containsExactly(Status.DELIVERED, Status.PENDING, Status.PENDING);
  }

  private void fail(String... runs) {
    app.respondWith(webhook, SERVER_ERROR);
    List.of(runs).forEach(app::startRun);
  }

  private void update(UpdateWebhookRequest patch) {
    app.webhooks.update(Samples.DEMO, webhook.id(), patch, ADA);
  }
}
