package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.ManualExecutor;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Webhooks with their own timeout and retry schedule.
class DeliverySettingsTest {
  private static final Duration SHORT = Duration.ofSeconds(20);

  private final ApplicationFixture app = new ApplicationFixture();

  @Test
  void a_request_has_the_timeout_of_its_webhook_or_the_default() {
    Webhook slow = webhook(app, 1, timeout(DeliverySettings.MAX_TIMEOUT));
    Webhook standard = app.createWebhook(2);

    app.startRun("run-1");

    assertThat(timeoutsTo(slow)).containsExactly(DeliverySettings.MAX_TIMEOUT);
    assertThat(timeoutsTo(standard)).containsExactly(CONFIG.timeout());
  }

  @Test
  void a_timeout_that_is_longer_than_the_maximum_of_the_server_is_shortened() {
    ApplicationFixture lowered = new ApplicationFixture(CONFIG.withMaxTimeout(SHORT));
    Webhook slow = webhook(lowered, 1, timeout(SHORT.plusSeconds(1)));
    Webhook quick = webhook(lowered, 2, timeout(Duration.ofSeconds(1)));

    lowered.startRun("run-1");

    assertThat(lowered.transport.requests())
        .extracting(SignedRequest::endpoint, SignedRequest::timeout)
        .containsExactlyInAnyOrder(
            tuple(slow.settings().endpoint(), SHORT),
            tuple(quick.settings().endpoint(), Duration.ofSeconds(1)));
  }

  @Test
  void the_timeout_of_the_server_is_not_longer_than_the_maximum() {
    assertThat(rules(Duration.ofSeconds(31)).maxTimeout()).isEqualTo(Duration.ofSeconds(31));
    assertThat(rules(Duration.ofSeconds(1)).maxTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rules(Duration.ofSeconds(5)).withMaxTimeout(Duration.ofSeconds(4)))
        .withMessageContaining("PT5S");
  }

  @Test
  void a_delivery_is_retried_on_the_schedule_of_its_webhook() {
    Webhook own = webhook(app, 1, retryDelays(Duration.ofMinutes(10)));
    Webhook standard = app.createWebhook(2);
    List.of(own, standard).forEach(webhook -> app.respondWith(webhook, SERVER_ERROR));

    app.startRun("run-1");
    app.advance(Duration.ofMinutes(7));
    int ownEarly = app.sentStates(own).size();
    int standardEarly = app.sentStates(standard).size();
    app.advance(Duration.ofMinutes(5));

    assertThat(ownEarly).isEqualTo(1);
    assertThat(standardEarly).isEqualTo(2);
    assertThat(app.sentStates(own)).hasSize(2);
    assertThat(app.latestDeliveryOf(own).status()).isEqualTo(Status.FAILED);
    assertThat(app.latestDeliveryOf(standard).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void only_the_default_schedule_waits_at_least_a_minute_for_an_overloaded_receiver() {
    Webhook own = webhook(app, 1, retryDelays(Duration.ofSeconds(1), Duration.ofHours(1)));
    Webhook standard = app.createWebhook(2);
    List.of(own, standard).forEach(webhook -> app.respondWith(webhook, Outcome.Responded.of(503)));

    app.startRun("run-1");
    app.advance(Duration.ofSeconds(7));

    assertThat(app.sentStates(own)).hasSize(2);
    assertThat(app.sentStates(standard)).hasSize(1);
  }

  @Test
  void an_empty_schedule_fails_after_the_first_attempt() {
    Webhook webhook = webhook(app, 1, retryDelays());
    app.respondWith(webhook, SERVER_ERROR);

    app.startRun("run-1");
    app.advance(Duration.ofDays(1));

    assertThat(app.sentStates(webhook)).hasSize(1);
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void a_changed_schedule_applies_to_waiting_deliveries() {
    Webhook webhook = app.createWebhook(1);
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");
    UpdateWebhookRequest noRetries =
        UpdateWebhookRequest.empty().with(WebhookSetting.RETRY_SCHEDULE, Optional.of(List.of()));

    app.webhooks.update(Samples.DEMO, webhook.id(), noRetries, ADA);
    app.advance(Duration.ofSeconds(6));

    assertThat(app.sentStates(webhook)).hasSize(2);
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void an_attempt_that_could_outlast_its_lease_is_not_started() {
    ManualExecutor attempts = new ManualExecutor();
    ApplicationFixture limited = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook slow = webhook(limited, 1, timeout(DeliverySettings.MAX_TIMEOUT));
    limited.startRun("run-1");

    limited.clock.advance(Duration.ofSeconds(6));
    attempts.runAll();

    assertThat(limited.sentStates(slow)).isEmpty();
    assertThat(limited.deliveriesOf(slow)).extracting(Delivery::attemptCount).containsExactly(0);
  }

  @Test
  void an_attempt_that_ends_within_its_lease_is_started() {
    ManualExecutor attempts = new ManualExecutor();
    ApplicationFixture limited = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook standard = limited.createWebhook(1);
    limited.startRun("run-1");

    limited.clock.advance(Duration.ofSeconds(6));
    attempts.runAll();

    assertThat(limited.sentStates(standard)).hasSize(1);
  }

  @Test
  void a_lease_outlasts_an_attempt_with_the_timeout_of_the_server() {
    assertThat(rules(Duration.ofMillis(100)).leaseDuration()).isEqualTo(Duration.ofSeconds(40));
    assertThat(rules(Duration.ofMinutes(5)).leaseDuration()).isGreaterThan(Duration.ofMinutes(5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> leased(Duration.ofSeconds(31), Duration.ofSeconds(40)))
        .withMessageContaining("PT31S");
  }

  @Test
  void a_lease_outlasts_an_attempt_with_the_timeout_of_its_webhook() {
    Duration minimum = Duration.ofSeconds(40);

    assertThat(Lease.durationFor(webhook(app, 1, DeliverySettings.defaults()), minimum))
        .isEqualTo(minimum);
    assertThat(Lease.durationFor(webhook(app, 2, timeout(Duration.ofSeconds(30))), minimum))
        .isEqualTo(minimum);
    assertThat(Lease.durationFor(webhook(app, 3, timeout(DeliverySettings.MAX_TIMEOUT)), minimum))
        .isEqualTo(DeliverySettings.MAX_TIMEOUT.plus(Lease.MARGIN));
  }

  @Test
  void a_delivery_that_waits_for_the_rate_of_its_webhook_says_so_and_is_sent_later() {
    Webhook slow =
        webhook(app, 1, DeliverySettings.defaults().withRate(Optional.empty(), Optional.of(1)));

    app.startRun("run-1");
    app.startRun("run-2");
    app.advance(Duration.ofSeconds(1));
    int sentAtOnce = app.sentStates(slow).size();
    Delivery waiting = app.latestDeliveryOf(slow);
    List<Explanation> explanation = app.deliveries.get(Samples.ACME, waiting.id()).explanation();
    app.advance(Duration.ofMinutes(1));

    assertThat(sentAtOnce).isEqualTo(1);
    assertThat(waiting.status()).isEqualTo(Status.PENDING);
    assertThat(explanation).extracting(Explanation::code).contains(Explanation.Code.RATE_LIMITED);
    assertThat(app.sentStates(slow)).hasSize(2);
  }

  private static Webhook webhook(
      ApplicationFixture app, int number, DeliverySettings deliverySettings) {
    return app.createWebhook(
        CreateWebhookRequest.of(Samples.endpoint(number).text()).withDelivery(deliverySettings));
  }

  private static DeliverySettings timeout(Duration timeout) {
    return new DeliverySettings(Optional.of(timeout), Optional.empty());
  }

  private static DeliverySettings retryDelays(Duration... delays) {
    return new DeliverySettings(Optional.empty(), Optional.of(List.of(delays)));
  }

  private List<Duration> timeoutsTo(Webhook webhook) {
    return app.transport.requestsTo(webhook.settings().endpoint()).stream()
        .map(SignedRequest::timeout)
        .toList();
  }

  private static DispatchConfig rules(Duration timeout) {
    return DispatchConfig.of(CONFIG.retrySchedule(), CONFIG.pausePolicy(), timeout);
  }

  private static DispatchConfig leased(Duration timeout, Duration lease) {
    return new DispatchConfig(
        CONFIG.retrySchedule(), CONFIG.pausePolicy(), timeout, timeout, lease, 64, 64, 1_000_000);
  }
}
