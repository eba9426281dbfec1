package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.CONFIG;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.ManualExecutor;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// Attempts of a webhook that a user changes while they are in flight or wait.
class ChangedWebhookTest {
  private static final Endpoint NEW = Samples.endpoint(9);

  private final ApplicationFixture app = new ApplicationFixture();
  private final Webhook webhook = app.createWebhook(1);

  @Test
  void a_410_from_an_old_endpoint_does_not_disable_the_new_one() {
    respondAfter(this::moveToNewEndpoint, Outcome.Responded.of(410));

    app.startRun("run-1");
    app.startRun("run-2");

    assertThat(app.reload(webhook).health()).isEqualTo(Health.proven());
    assertThat(app.transport.requestsTo(NEW)).hasSize(1);
  }

  @Test
  void a_failure_of_an_old_endpoint_does_not_count_for_the_new_one() {
    respondAfter(this::moveToNewEndpoint, SERVER_ERROR);

    app.startRun("run-1");

    assertThat(app.reload(webhook).health().consecutiveFailures()).isZero();
  }

  @Test
  void a_success_of_an_old_endpoint_does_not_prove_the_new_one() {
    respondAfter(this::moveToNewEndpoint, Outcome.Responded.of(200));

    app.startRun("run-1");

    assertThat(app.reload(webhook).health()).isEqualTo(Health.healthy());
  }

  @Test
  void a_failure_with_an_old_secret_does_not_count_for_the_new_one() {
    respondAfter(
        () ->
            app.webhooks.rotateSecret(
                Samples.DEMO,
                webhook.id(),
                new RotateSecretRequest(
                    Optional.of(SigningSecret.parse("another secret")), Duration.ZERO),
                ADA),
        Outcome.Responded.of(401));

    app.startRun("run-1");

    assertThat(app.reload(webhook).health().consecutiveFailures()).isZero();
  }

  @Test
  void an_attempt_that_waits_for_a_slot_uses_the_settings_of_the_moment_when_it_starts() {
    List<SignedRequest> requests =
        requestsAfterChangeWhileOneWaits((full, id) ->
            full.webhooks.update(
                Samples.DEMO, id, UpdateWebhookRequest.empty().withEndpoint(NEW.text()), ADA));

    assertThat(requests).extracting(SignedRequest::endpoint).endsWith(NEW).hasSize(2);
  }

  @Test
  void an_attempt_that_waits_for_a_slot_is_signed_with_the_secret_of_the_moment_when_it_starts() {
    SigningSecret next = SigningSecret.parse("another secret");

    List<SignedRequest> requests =
        requestsAfterChangeWhileOneWaits((full, id) ->
            full.webhooks.rotateSecret(
                Samples.DEMO, id, new RotateSecretRequest(Optional.of(next), Duration.ZERO), ADA));

    assertThat(signature(requests.getLast())).isEqualTo(signature(requests.getLast(), next));
  }

  @Test
  void an_attempt_that_waits_for_a_slot_is_not_made_after_its_webhook_was_disabled() {
    List<SignedRequest> requests =
        requestsAfterChangeWhileOneWaits((full, id) ->
            full.webhooks.update(
                Samples.DEMO, id, UpdateWebhookRequest.empty().withEnabled(false), ADA));

    assertThat(requests).hasSize(1);
  }

  @Test
  void an_attempt_that_waits_for_a_slot_is_not_made_after_its_webhook_was_deleted() {
    List<SignedRequest> requests =
        requestsAfterChangeWhileOneWaits((full, id) -> full.webhooks.delete(Samples.DEMO, id, ADA));

    assertThat(requests).hasSize(1);
  }

  /// Returns the requests for two deliveries, of which one has no slot while a user changes the
  /// webhook.
  private static List<SignedRequest> requestsAfterChangeWhileOneWaits(
      BiConsumer<ApplicationFixture, WebhookId> change) {
    ManualExecutor attempts = new ManualExecutor();
    ApplicationFixture full = new ApplicationFixture(CONFIG.withConcurrency(1, 1), attempts);
    Webhook webhook = full.createWebhook(1);
    full.startRun("run-1");
    full.startRun("run-2");
    full.dispatcher.poll();

    change.accept(full, webhook.id());
    attempts.runAll();
    full.dispatcher.poll();
    attempts.runAll();

    return full.transport.requests();
  }

  private static String signature(SignedRequest request) {
    return request.headers().stream()
        .filter(header -> header.name().equals("X-Signature-256"))
        .map(Header::value)
        .findFirst()
        .orElseThrow();
  }

  private static String signature(SignedRequest request, SigningSecret secret) {
    return new WebhookSigner(false)
        .signatureHeaders(SigningKeys.of(secret), "", Instant.EPOCH, request.payload().bytes())
        .getFirst()
        .value();
  }

  private void moveToNewEndpoint() {
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEndpoint(NEW.text()), ADA);
  }

  /// Makes the receiver respond after a user has changed the webhook.
  private void respondAfter(Runnable change, Outcome outcome) {
    app.transport.enqueue(
        webhook.settings().endpoint(),
        ignored -> {
          change.run();
          return outcome;
        });
  }
}
