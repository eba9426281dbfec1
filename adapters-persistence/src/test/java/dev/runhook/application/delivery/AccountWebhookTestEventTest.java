package dev.runhook.application.delivery;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.AuditLog;
import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A test event goes to an account webhook itself, which may have no copies.
class AccountWebhookTestEventTest {
  private static final Endpoint ENDPOINT = Samples.endpoint(1);
  private static final StackSelector NO_STACK =
      new StackSelector(Optional.empty(), List.of("no-such-stack"));

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);

  private Webhook create(DeliverySettings settings) {
    CreateWebhookRequest webhook = CreateWebhookRequest.of(ENDPOINT.text()).withDelivery(settings);
    return app.accountWebhooks.create(ACME, webhook.withSelector(NO_STACK), ADA);
  }

  private Attempt test(Webhook webhook) {
    return app.deliveries.test(ACME, webhook.id(), RunState.FAILED, ADA);
  }

  @Test
  void an_account_webhook_without_copies_gets_a_sample_of_an_example_stack() {
    DeliverySettings settings = DeliverySettings.defaults().withFormat(Format.CLOUDEVENTS);
    Webhook webhook = create(settings);

    Attempt attempt = test(webhook);

    assertThat(attempt.outcome().code()).isEqualTo(Outcome.Code.DELIVERED);
    SignedRequest sent = app.transport.requestsTo(ENDPOINT).getFirst();
    assertThat(sent.headers()).contains(new Header("X-Runhook-Test", "true"));
    assertThat(sent.headers()).extracting(Header::name).contains("webhook-signature");
    assertThat(sent.payload()).isEqualTo(app.deliveries.preview(ACME, settings, RunState.FAILED));
  }

  @Test
  void nothing_is_stored_except_in_the_audit_log() {
    Webhook webhook = create(DeliverySettings.defaults());
    app.transport.enqueue(ENDPOINT, SERVER_ERROR);

    Attempt attempt = test(webhook);

    assertThat(attempt.outcome()).isEqualTo(SERVER_ERROR);
    DeliveryScope account =
        new DeliveryScope.OfAccount(ACME, new StackScope.All(), Optional.empty());
    assertThat(app.deliveries.list(DeliveryFilter.of(account), PageRequest.first()).items())
        .isEmpty();
    assertThat(app.accountWebhooks.get(ACME, webhook.id())).isEqualTo(webhook);
    AuditFilter all = AuditFilter.of(ACME, new StackScope.All());
    assertThat(new AuditLog(app.store).list(all, PageRequest.first()).items())
        .first()
        .extracting(AuditEvent::action, AuditEvent::resource)
        .containsExactly(AuditAction.WEBHOOK_PINGED, Optional.of(webhook.id().value()));
  }

  @Test
  void a_test_waits_ten_seconds_at_most() {
    test(create(withTimeout(Duration.ofMinutes(5))));
    test(create(withTimeout(Duration.ofSeconds(1))));

    assertThat(app.transport.requests())
        .extracting(SignedRequest::timeout)
        .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(1));
  }

  private static DeliverySettings withTimeout(Duration timeout) {
    return new DeliverySettings(Optional.of(timeout), Optional.empty());
  }

  @Test
  void an_account_webhook_that_is_disabled_or_missing_is_refused() {
    Webhook webhook = create(DeliverySettings.defaults());
    app.accountWebhooks.update(
        ACME, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);
    WebhookId missing = new WebhookId(new UUID(7, 7));

    assertThat(refusalOf(() -> test(webhook))).isInstanceOf(Refusal.WebhookDisabled.class);
    assertThat(refusalOf(() -> app.deliveries.test(ACME, missing, RunState.FAILED, ADA)))
        .isEqualTo(new Refusal.NoSuchAccountWebhook(missing.toString()));
    assertThat(app.transport.requests()).isEmpty();
  }
}
