package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DispatcherTest {
  private final ApplicationFixture app = new ApplicationFixture();

  @Test
  void a_recorded_transition_is_sent_without_polling() {
    Webhook webhook = app.createWebhook(1);

    app.startRun("run-1");

    Delivery delivery = app.latestDeliveryOf(webhook);
    assertThat(delivery.status()).isEqualTo(Status.DELIVERED);
    assertThat(delivery.attemptCount()).isEqualTo(1);
    assertThat(delivery.deliveredAt()).contains(app.clock.instant());
    assertThat(app.dispatcher.poll().claimed()).isZero();
  }

  @Test
  void a_request_carries_the_payload_and_all_headers() {
    Header custom = new Header("X-Api-Key", "abc");
    Webhook webhook =
        app.createWebhook(
            CreateWebhookRequest.of(Samples.endpoint(1).text())
                .withSecret(Samples.secret())
                .withHeaders(new CustomHeaders(List.of(custom))));

    app.startRun("run-1");

    SignedRequest request = app.transport.requests().getFirst();
    Delivery delivery = app.latestDeliveryOf(webhook);
    Payload body = Payload.of("{\"run\":\"run-1\",\"state\":\"QUEUED\",\"stateVersion\":1}");
    assertThat(request.payload()).isEqualTo(body);
    assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(request.headers())
        .contains(
            custom,
            new Header("Content-Type", "application/json"),
            new Header("User-Agent", "Runhook/test"),
            new Header("X-Runhook-Event", "run_state_changed"),
            new Header("X-Runhook-Delivery", delivery.id().toString()),
            new Header("X-Runhook-Attempt", "1"))
        .containsAll(
            new WebhookSigner(true)
                .signatureHeaders(
                    webhook.keys(),
                    delivery.event().toString(),
                    app.clock.instant(),
                    body.bytes()));
  }

  @Test
  void both_secrets_sign_during_an_overlap() {
    Webhook webhook = app.createWebhook(1);
    app.webhooks.rotateSecret(
        Samples.DEMO,
        webhook.id(),
        new RotateSecretRequest(Optional.of(SigningSecret.parse("new")), Duration.ofHours(1)),
        ADA);

    app.startRun("run-1");
    app.clock.advance(Duration.ofHours(2));
    app.startRun("run-2");

    assertThat(signatures(0)).hasSize(2);
    assertThat(signatures(1)).hasSize(1);
  }

  @Test
  void a_delivery_is_retried_on_schedule_and_then_fails() {
    Webhook webhook = app.createWebhook(1);
    app.respondWith(webhook, SERVER_ERROR);

    app.startRun("run-1");
    app.advance(Duration.ofSeconds(3));
    int early = app.sentStates(webhook).size();
    app.advance(Duration.ofSeconds(3));
    app.advance(Duration.ofSeconds(36));
    app.advance(Duration.ofSeconds(144));
    app.advance(Duration.ofDays(1));

    assertThat(early).isEqualTo(1);
    assertThat(app.sentStates(webhook)).hasSize(4);
    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.FAILED);
    assertThat(app.latestDeliveryOf(webhook).attemptCount()).isEqualTo(4);
  }

  @Test
  void attempts_have_the_same_ids_and_bytes_but_different_numbers_and_times() {
    Webhook webhook = app.createWebhook(1);
    app.transport.enqueue(webhook.settings().endpoint(), SERVER_ERROR);

    app.startRun("run-1");
    app.advance(Duration.ofSeconds(6));

    SignedRequest first = app.transport.requests().get(0);
    SignedRequest second = app.transport.requests().get(1);
    assertThat(second.payload()).isEqualTo(first.payload());
    assertThat(header(second, "X-Runhook-Delivery")).isEqualTo(header(first, "X-Runhook-Delivery"));
    assertThat(header(second, "webhook-id")).isEqualTo(header(first, "webhook-id"));
    assertThat(header(second, "X-Signature-256")).isEqualTo(header(first, "X-Signature-256"));
    assertThat(List.of(header(first, "X-Runhook-Attempt"), header(second, "X-Runhook-Attempt")))
        .containsExactly("1", "2");
    assertThat(Long.parseLong(header(second, "webhook-timestamp")))
        .isEqualTo(Long.parseLong(header(first, "webhook-timestamp")) + 6);
  }

  @Test
  void a_redirect_is_a_failure() {
    Webhook webhook = app.createWebhook(1);
    app.respondWith(webhook, Outcome.Responded.of(302));

    app.startRun("run-1");

    assertThat(app.latestDeliveryOf(webhook).status()).isEqualTo(Status.PENDING);
    assertThat(app.observer.attempts)
        .extracting(attempt -> attempt.outcome().code())
        .containsExactly(Outcome.Code.REJECTED);
  }

  @Test
  void a_retry_honors_retry_after() {
    Webhook webhook = app.createWebhook(1);
    Outcome busy =
        new Outcome.Responded(
            Outcome.Responded.of(503).response(), Optional.of(Duration.ofMinutes(30)));
    app.transport.enqueue(webhook.settings().endpoint(), busy);

    app.startRun("run-1");
    app.advance(Duration.ofMinutes(29));
    int early = app.sentStates(webhook).size();
    app.advance(Duration.ofMinutes(1));

    assertThat(early).isEqualTo(1);
    assertThat(app.sentStates(webhook)).hasSize(2);
  }

  @Test
  void an_internal_error_uses_up_an_attempt_and_does_not_count_against_the_receiver() {
    Webhook webhook = app.createWebhook(1);
    app.transport.enqueue(
        webhook.settings().endpoint(),
        ignored -> {
          throw new ArithmeticException("thrown by the test");
        });

    app.startRun("run-1");
    Health afterFailure = app.reload(webhook).health();
    app.advance(Duration.ofSeconds(6));

    assertThat(app.observer.errors).hasSize(1);
    assertThat(afterFailure).isEqualTo(Health.healthy());
    assertThat(app.deliveries.get(Samples.ACME, app.latestDeliveryOf(webhook).id()).attempts())
        .extracting(view -> view.attempt().outcome().code())
        .containsExactly(Outcome.Code.INTERNAL_ERROR, Outcome.Code.DELIVERED);
  }

  @Test
  @Timeout(10)
  void a_retry_after_less_than_a_second_ends_the_wait_for_work() throws InterruptedException {
    RetrySchedule soon = new RetrySchedule(List.of(Duration.ofMillis(200)));
    ApplicationFixture fast =
        new ApplicationFixture(DispatchConfig.of(soon, CONFIG.pausePolicy(), CONFIG.timeout()));
    fast.respondWith(fast.createWebhook(1), SERVER_ERROR);
    fast.dispatcher.poll();
    fast.startRun("run-1");

    fast.dispatcher.awaitWork(Duration.ofMinutes(1));

    assertThat(fast.dispatcher.poll().timeUntilNextDue().orElseThrow())
        .isBetween(Duration.ofMillis(160), Duration.ofMillis(240));
  }

  @Test
  void a_poll_returns_the_time_until_the_next_delivery_is_due() {
    Webhook webhook = app.createWebhook(1);
    PollResult idle = app.dispatcher.poll();
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");

    PollResult waiting = app.dispatcher.poll();

    assertThat(idle).isEqualTo(new PollResult(0, false, Optional.empty()));
    assertThat(waiting.timeUntilNextDue().orElseThrow())
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
  }

  @Test
  void a_delivery_that_becomes_due_during_a_poll_ends_the_wait_for_the_next_one() {
    app.respondWith(app.createWebhook(1), SERVER_ERROR);
    app.startRun("run-1");
    Duration untilDue = app.dispatcher.poll().timeUntilNextDue().orElseThrow();
    app.clock.advance(untilDue.minusMillis(1));
    Dispatcher slow = app.dispatcher(new SlowTransactor(), CONFIG, Runnable::run);

    Optional<Duration> next = slow.poll().timeUntilNextDue();

    assertThat(next).contains(Duration.ofMillis(1));
  }

  /// Each transaction takes a second.
  private final class SlowTransactor implements Transactor {
    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      T result = app.store.inTransaction(work);
      app.clock.advance(Duration.ofSeconds(1));
      return result;
    }
  }

  private List<String> signatures(int request) {
    return List.of(
        header(app.transport.requests().get(request), "webhook-signature").split(" ", -1));
  }

  private static String header(SignedRequest request, String name) {
    return request.headers().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
