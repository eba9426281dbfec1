package dev.runhook.application.audit;

import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Actor;
import dev.runhook.application.AuditFilter;
import dev.runhook.application.PageRequest;
import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.webhook.NewWebhook;
import dev.runhook.application.webhook.SecretRotation;
import dev.runhook.application.webhook.SubscriptionPatch;
import dev.runhook.application.webhook.WebhookPatch;
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

/// What people do is written down together with it.
class AuditTest {
  private static final String ENDPOINT = "https://hooks.example.com/hush-path?key=hush-query";
  private static final WebhookId NO_WEBHOOK = new WebhookId(new UUID(7, 7));

  private final ApplicationFixture applicationFixture = new ApplicationFixture();
  private final AuditLog audit = AuditLog.using(applicationFixture.store, applicationFixture.ids);
  private final TokenAdmin tokens =
      TokenAdmin.using(
          applicationFixture.store,
          new TokenAdmin.Sources(applicationFixture.ids, new Random(7)),
          _ -> {});

  @Test
  void each_change_of_a_webhook_is_there_with_who_made_it() {
    Webhook webhook = applicationFixture.createWebhook(hushed());
    Actor eve = new Actor("Eve", Optional.of(new TokenId(new UUID(1, 2))));
    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(false), eve);
    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(true), ApplicationFixture.ADA);
    applicationFixture.webhooks.update(
        Samples.DEMO,
        webhook.id(),
        WebhookPatch.empty().endpoint(ENDPOINT + "2"),
        ApplicationFixture.ADA);
    applicationFixture.webhooks.rotateSecret(
        Samples.DEMO, webhook.id(), newSecret(), ApplicationFixture.ADA);
    applicationFixture.webhooks.revokePreviousSecret(
        Samples.DEMO, webhook.id(), ApplicationFixture.ADA);
    applicationFixture.deliveries.ping(Samples.DEMO, webhook.id(), ApplicationFixture.ADA);
    applicationFixture.webhooks.delete(Samples.DEMO, webhook.id(), eve);

    assertThat(told())
        .containsExactly(
            "Ada WEBHOOK_CREATED endpoint on hooks.example.com",
            "Eve WEBHOOK_DISABLED ",
            "Ada WEBHOOK_ENABLED it was disabled",
            "Ada WEBHOOK_CHANGED endpoint",
            "Ada SECRET_REGENERATED overlap PT1H",
            "Ada PREVIOUS_SECRET_ENDED ",
            "Ada WEBHOOK_PINGED ",
            "Eve WEBHOOK_DELETED endpoint on hooks.example.com");
    assertThat(entries())
        .allSatisfy(entry -> {
          assertThat(entry.audited().stack()).contains("demo");
          assertThat(entry.audited().resource()).contains(webhook.id().value());
          assertThat(entry.occurredAt()).isEqualTo(applicationFixture.clock.instant());
        });
    assertThat(entries().getFirst().token()).isEqualTo(eve.token());
    assertThat(entries().toString()).doesNotContain("hush");
  }

  @Test
  void an_edit_that_changes_nothing_leaves_no_trace() {
    Webhook webhook = applicationFixture.createWebhook(1);
    int before = entries().size();

    applicationFixture.webhooks.update(
        Samples.DEMO, webhook.id(), WebhookPatch.empty().enabled(true), ApplicationFixture.ADA);
    applicationFixture.webhooks.revokePreviousSecret(
        Samples.DEMO, webhook.id(), ApplicationFixture.ADA);

    assertThat(entries()).hasSize(before);
  }

  @Test
  void what_was_refused_leaves_no_trace() {
    applicationFixture.createWebhook(hushed());
    int before = entries().size();

    refusalOf(() -> applicationFixture.createWebhook(hushed()));
    refusalOf(
        () -> applicationFixture.webhooks.delete(Samples.DEMO, NO_WEBHOOK, ApplicationFixture.ADA));

    assertThat(entries()).hasSize(before);
  }

  @Test
  void one_edit_may_do_several_things() {
    Webhook webhook = applicationFixture.createWebhook(1);
    WebhookPatch edit =
        new WebhookPatch(
            Optional.of(ENDPOINT),
            Optional.of(SigningSecret.parse("hush")),
            Optional.of(false),
            Optional.of("new name"),
            SubscriptionPatch.empty(),
            Optional.empty(),
            WebhookPatch.empty().delivery());

    applicationFixture.webhooks.update(Samples.DEMO, webhook.id(), edit, ApplicationFixture.ADA);

    assertThat(told())
        .endsWith(
            "Ada WEBHOOK_CHANGED endpoint, name",
            "Ada SECRET_REGENERATED by an edit, without overlap",
            "Ada WEBHOOK_DISABLED ");
    assertThat(entries().toString()).doesNotContain("hush").doesNotContain("new name");
  }

  @Test
  void secrets_that_are_read_tokens_and_stacks_are_there_too() {
    Webhook webhook = applicationFixture.createWebhook(1);
    Grant ops = new Grant(new TokenId(new UUID(0, 1)), Samples.ACME, Role.ADMIN, new All(), "ops");
    audit.recordSecretsRead(Samples.DEMO, Optional.of(webhook.id()), Actor.of(ops));
    audit.recordSecretsRead(Samples.DEMO, Optional.empty(), Actor.of(ops));
    TokenAdmin.CreatedToken createdToken =
        tokens.create(new NewToken("ci", Role.WRITER, new All()), ops);
    TokenId id = createdToken.token().grant().token();
    tokens.revoke(TokenScope.all(), id, ApplicationFixture.ADA);
    tokens.revoke(TokenScope.all(), id, ApplicationFixture.ADA);
    applicationFixture.journal.deleteStack(Samples.DEMO, ApplicationFixture.ADA);

    assertThat(told().subList(1, 6))
        .containsExactly(
            "ops SECRET_READ ",
            "ops SECRET_READ a list of the stack's webhooks",
            "ops TOKEN_CREATED writer \"ci\"",
            "Ada TOKEN_REVOKED writer \"ci\"",
            "Ada STACK_DELETED ");
    assertThat(told()).hasSize(6);
    assertThat(entries().toString()).doesNotContain(createdToken.secret().reveal());
  }

  @Test
  void what_is_rolled_back_was_not_done() {
    Webhook webhook = applicationFixture.createWebhook(1);
    int before = entries().size();
    String taken = applicationFixture.createWebhook(2).settings().endpoint().text();

    refusalOf(() ->
        applicationFixture.webhooks.update(
            Samples.DEMO,
            webhook.id(),
            WebhookPatch.empty().endpoint(taken),
            ApplicationFixture.ADA));

    assertThat(entries()).hasSize(before + 1);
    assertThat(entries().getFirst().audited().action()).isEqualTo(AuditAction.WEBHOOK_CREATED);
  }

  private static NewWebhook hushed() {
    return NewWebhook.of(ENDPOINT).secret(SigningSecret.parse("hush-secret"));
  }

  private static SecretRotation newSecret() {
    return new SecretRotation(Optional.of(SigningSecret.parse("hush too")), Duration.ofHours(1));
  }

  private List<AuditEvent> entries() {
    return audit.list(AuditFilter.of(Samples.ACME, new All()), PageRequest.first()).items();
  }

  /// The oldest first.
  private List<String> told() {
    return entries().reversed().stream()
        .map(entry ->
            entry.actor() + " " + entry.audited().action() + " " + entry.audited().detail())
        .toList();
  }
}
