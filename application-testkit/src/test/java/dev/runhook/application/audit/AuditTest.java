package dev.runhook.application.audit;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Actor;
import dev.runhook.application.AuditFilter;
import dev.runhook.application.PageRequest;
import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.webhook.NewWebhook;
import dev.runhook.application.webhook.SecretRotation;
import dev.runhook.application.webhook.WebhookPatch;
import dev.runhook.application.webhook.WebhookPatch.SubscriptionPatch;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final String ENDPOINT = "https://hooks.example.com/hush-path?key=hush-query";
  private static final WebhookId NO_WEBHOOK = new WebhookId(new UUID(7, 7));

  private final ApplicationFixture app = new ApplicationFixture();
  private final AuditLog audit = AuditLog.using(app.store);
  private final TokenAdmin tokens = TokenAdmin.using(app.store, app.ids, new Random(7), _ -> {});

  @Test
  void every_change_of_a_webhook_is_audited_with_its_actor() {
    Webhook webhook = app.createWebhook(webhookWithSecrets());
    Actor eve = new Actor("Eve", Optional.of(new TokenId(new UUID(1, 2))));
    app.webhooks.update(Samples.DEMO, webhook.id(), WebhookPatch.empty().withEnabled(false), eve);
    app.webhooks.update(Samples.DEMO, webhook.id(), WebhookPatch.empty().withEnabled(true), ADA);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().withEndpoint(ENDPOINT + "2"), ADA);
    app.webhooks.rotateSecret(Samples.DEMO, webhook.id(), rotation(), ADA);
    app.webhooks.revokePreviousSecret(Samples.DEMO, webhook.id(), ADA);
    app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);
    app.webhooks.delete(Samples.DEMO, webhook.id(), eve);

    assertThat(auditLog())
        .containsExactly(
            "Ada WEBHOOK_CREATED endpoint on hooks.example.com",
            "Eve WEBHOOK_DISABLED ",
            "Ada WEBHOOK_ENABLED it was disabled",
            "Ada WEBHOOK_UPDATED endpoint",
            "Ada SECRET_ROTATED overlap PT1H",
            "Ada PREVIOUS_SECRET_REVOKED ",
            "Ada WEBHOOK_PINGED ",
            "Eve WEBHOOK_DELETED endpoint on hooks.example.com");
    assertThat(events())
        .allSatisfy(event -> {
          assertThat(event.stack()).contains("demo");
          assertThat(event.resource()).contains(webhook.id().value());
          assertThat(event.occurredAt()).isEqualTo(app.clock.instant());
        });
    assertThat(events().getFirst().token()).isEqualTo(eve.token());
    assertThat(events().toString()).doesNotContain("hush");
  }

  @Test
  void an_update_without_changes_is_not_audited() {
    Webhook webhook = app.createWebhook(1);
    int before = events().size();

    app.webhooks.update(Samples.DEMO, webhook.id(), WebhookPatch.empty().withEnabled(true), ADA);
    app.webhooks.revokePreviousSecret(Samples.DEMO, webhook.id(), ADA);

    assertThat(events()).hasSize(before);
  }

  @Test
  void a_refused_request_is_not_audited() {
    app.createWebhook(webhookWithSecrets());
    int before = events().size();

    refusalOf(() -> app.createWebhook(webhookWithSecrets()));
    refusalOf(() -> app.webhooks.delete(Samples.DEMO, NO_WEBHOOK, ADA));

    assertThat(events()).hasSize(before);
  }

  @Test
  void one_update_can_cause_several_audit_events() {
    Webhook webhook = app.createWebhook(1);
    WebhookPatch edit =
        new WebhookPatch(
            Optional.of(ENDPOINT),
            Optional.of(SigningSecret.parse("hush")),
            Optional.of(false),
            Optional.of("new name"),
            SubscriptionPatch.empty(),
            Optional.empty(),
            WebhookPatch.empty().delivery());

    app.webhooks.update(Samples.DEMO, webhook.id(), edit, ADA);

    assertThat(auditLog())
        .endsWith(
            "Ada WEBHOOK_UPDATED endpoint, name",
            "Ada SECRET_ROTATED by an update, without overlap",
            "Ada WEBHOOK_DISABLED ");
    assertThat(events().toString()).doesNotContain("hush").doesNotContain("new name");
  }

  @Test
  void reading_secrets_and_changing_tokens_and_stacks_is_audited() {
    Webhook webhook = app.createWebhook(1);
    Grant ops = new Grant(new TokenId(new UUID(0, 1)), Samples.ACME, Role.ADMIN, new All(), "ops");
    app.webhooks.readSecret(Samples.DEMO, webhook.id(), Actor.of(ops));
    app.webhooks.readHeaders(Samples.DEMO, webhook.id(), Actor.of(ops));
    TokenAdmin.CreatedToken created =
        tokens.create(new NewToken("ci", Role.WRITER, new All()), ops);
    TokenId id = created.token().grant().token();
    tokens.revoke(TokenScope.all(), id, ADA);
    tokens.revoke(TokenScope.all(), id, ADA);
    app.journal.deleteStack(Samples.DEMO, ADA);

    assertThat(auditLog().subList(1, 6))
        .containsExactly(
            "ops SECRET_READ ",
            "ops HEADERS_READ ",
            "ops TOKEN_CREATED writer \"ci\"",
            "Ada TOKEN_REVOKED writer \"ci\"",
            "Ada STACK_DELETED ");
    assertThat(auditLog()).hasSize(6);
    assertThat(events().toString()).doesNotContain(created.secret().reveal());
  }

  @Test
  void a_rolled_back_change_is_not_audited() {
    Webhook webhook = app.createWebhook(1);
    int before = events().size();
    String duplicate = app.createWebhook(2).settings().endpoint().text();

    refusalOf(() ->
        app.webhooks.update(
            Samples.DEMO, webhook.id(), WebhookPatch.empty().withEndpoint(duplicate), ADA));

    assertThat(events()).hasSize(before + 1);
    assertThat(events().getFirst().action()).isEqualTo(AuditAction.WEBHOOK_CREATED);
  }

  private static NewWebhook webhookWithSecrets() {
    return NewWebhook.of(ENDPOINT).withSecret(SigningSecret.parse("hush-secret"));
  }

  private static SecretRotation rotation() {
    return new SecretRotation(Optional.of(SigningSecret.parse("hush too")), Duration.ofHours(1));
  }

  private List<AuditEvent> events() {
    return audit.list(AuditFilter.of(Samples.ACME, new All()), PageRequest.first()).items();
  }

  /// Formats all audit events, oldest first.
  private List<String> auditLog() {
    return events().reversed().stream()
        .map(event -> event.actor() + " " + event.action() + " " + event.detail())
        .toList();
  }
}
