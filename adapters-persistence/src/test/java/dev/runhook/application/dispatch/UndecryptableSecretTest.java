package dev.runhook.application.dispatch;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.delivery.DeliveryDetails;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A webhook whose secret the store cannot decrypt.
class UndecryptableSecretTest {
  private static final String REASON = "the secret cannot be decrypted, for this reason";

  private final ApplicationFixture app = new ApplicationFixture();
  private final Webhook affected = app.createWebhook(1);
  private final Webhook healthy = app.createWebhook(2);

  UndecryptableSecretTest() {
    save(SigningSecret.undecryptable(REASON));
  }

  @Test
  void the_webhook_gets_nothing_while_others_continue() {
    app.startRun("run-1");

    assertThat(app.sentStates(affected)).isEmpty();
    assertThat(app.sentStates(healthy)).containsExactly("QUEUED");
    assertThat(app.reload(affected).health()).isEqualTo(Health.healthy());
  }

  @Test
  void the_webhook_has_a_failed_attempt_with_the_reason_and_no_signature() {
    app.startRun("run-1");

    DeliveryDetails details = app.deliveries.get(Samples.ACME, app.latestDeliveryOf(affected).id());

    assertThat(details.attempts())
        .singleElement()
        .satisfies(view -> {
          Outcome outcome = view.attempt().outcome();
          assertThat(outcome.code()).isEqualTo(Outcome.Code.INTERNAL_ERROR);
          assertThat(outcome.error()).contains(REASON);
        });
    assertThat(details.request().headers())
        .extracting(Header::name)
        .contains("X-Runhook-Delivery")
        .doesNotContain("X-Signature", "X-Signature-256", "webhook-signature");
    assertThat(app.observer.errors).isEmpty();
  }

  @Test
  void the_webhook_gets_waiting_deliveries_once_its_secret_can_be_decrypted() {
    app.startRun("run-1");
    save(SigningSecret.parse("restored"));

    app.advance(Duration.ofSeconds(6));

    assertThat(app.sentStates(affected)).containsExactly("QUEUED");
    assertThat(app.latestDeliveryOf(affected).status()).isEqualTo(Delivery.Status.DELIVERED);
  }

  @Test
  void a_new_secret_replaces_the_lost_one_immediately() {
    RotateSecretRequest next =
        new RotateSecretRequest(Optional.of(SigningSecret.parse("another")), Duration.ofHours(24));

    Webhook rotated = app.webhooks.rotateSecret(Samples.DEMO, affected.id(), next, ADA);

    assertThat(rotated.keys()).isEqualTo(SigningKeys.of(SigningSecret.parse("another")));
    app.startRun("run-1");
    assertThat(app.sentStates(affected)).containsExactly("QUEUED");
  }

  @Test
  void the_webhook_can_be_deleted() {
    app.webhooks.delete(Samples.DEMO, affected.id(), ADA);

    assertThat(app.webhooks.get(Samples.DEMO, healthy.id())).isEqualTo(healthy);
  }

  @Test
  void the_secret_reveals_nothing() {
    SigningSecret secret = SigningSecret.undecryptable(REASON);

    assertThatThrownBy(secret::reveal)
        .isInstanceOf(SecretDecryptionException.class)
        .hasMessage(REASON);
    assertThatThrownBy(secret::standardForm).isInstanceOf(SecretDecryptionException.class);
    assertThat(secret).isNotEqualTo(SigningSecret.parse(REASON)).hasToString("(secret)");
  }

  private void save(SigningSecret secret) {
    app.store.run(unit -> {
      Webhook found = unit.webhooks().findForUpdate(Samples.DEMO, affected.id()).orElseThrow();
      unit.webhooks()
          .save(
              new Webhook(
                  found.id(),
                  found.stack(),
                  found.settings(),
                  found.revision(),
                  SigningKeys.of(secret),
                  found.health(),
                  found.createdAt(),
                  found.updatedAt()));
    });
  }
}
