package dev.runhook.application.audit;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.access.CreateTokenRequest;
import dev.runhook.application.access.TokenAdmin;
import dev.runhook.application.delivery.ReplayRequest;
import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.RotateSecretRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final String ENDPOINT = "https://hooks.example.com/hush-path?key=hush-query";
  private static final String OTHER_ENDPOINT = "https://example.org/hush-path";
  private static final WebhookId NO_WEBHOOK = new WebhookId(new UUID(7, 7));

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);
  private final AuditLog audit = new AuditLog(app.store);
  private final TokenAdmin tokens =
      new TokenAdmin(app.store, app.ids, new Random(7), ignored -> {});

  @Test
  void every_change_of_a_webhook_is_audited_with_its_actor() {
    Webhook webhook = app.createWebhook(webhookWithSecrets());
    Actor eve = new Actor("Eve", Optional.of(new TokenId(new UUID(1, 2))));
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(false), eve);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(true), ADA);
    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEndpoint(OTHER_ENDPOINT), ADA);
    app.webhooks.rotateSecret(Samples.DEMO, webhook.id(), rotation(), ADA);
    app.webhooks.revokePreviousSecret(Samples.DEMO, webhook.id(), ADA);
    Delivery ping = app.deliveries.ping(Samples.DEMO, webhook.id(), ADA);
    app.webhooks.delete(Samples.DEMO, webhook.id(), eve);

    assertThat(auditLog())
        .containsExactly(
            "Ada WEBHOOK_CREATED {HOST=hooks.example.com, ENABLED=true}",
            "Eve WEBHOOK_DISABLED {HOST=hooks.example.com, PREVIOUS_STATE=ACTIVE}",
            "Ada WEBHOOK_ENABLED {HOST=hooks.example.com, PREVIOUS_STATE=DISABLED}",
            "Ada WEBHOOK_UPDATED {HOST=example.org, PREVIOUS_HOST=hooks.example.com,"
                + " CHANGED=endpoint, VALUES=endpoint: hooks.example.com → example.org}",
            "Ada SECRET_ROTATED {HOST=example.org, OVERLAP=PT1H}",
            "Ada PREVIOUS_SECRET_REVOKED {HOST=example.org}",
            "Ada WEBHOOK_PINGED {HOST=example.org, DELIVERY=" + ping.id() + "}",
            "Eve WEBHOOK_DELETED {HOST=example.org}");
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

    app.webhooks.update(
        Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEnabled(true), ADA);
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
    UpdateWebhookRequest edit =
        UpdateWebhookRequest.empty()
            .withEndpoint(ENDPOINT)
            .withSecret(SigningSecret.parse("hush"))
            .withEnabled(false)
            .with(WebhookSetting.NAME, "new name")
            .with(WebhookSetting.STATES, Set.of(RunState.FAILED, RunState.FINISHED))
            .with(WebhookSetting.FORMAT, Format.TEMPLATE)
            .with(WebhookSetting.TEMPLATE, Optional.of("{\"a\": \"template\"}"));

    app.webhooks.update(Samples.DEMO, webhook.id(), edit, ADA);

    assertThat(auditLog())
        .endsWith(
            "Ada WEBHOOK_UPDATED {HOST=hooks.example.com, CHANGED=endpoint,name,states,format,template,"
                + " VALUES=name: (default) → new name\nstates: (default) → FINISHED, FAILED\nformat: (default) → template,"
                + " NAME=new name}",
            "Ada SECRET_ROTATED {HOST=hooks.example.com, OVERLAP=PT0S, NAME=new name}",
            "Ada WEBHOOK_DISABLED {HOST=hooks.example.com, PREVIOUS_STATE=ACTIVE, NAME=new name}");
    assertThat(events().toString()).doesNotContain("hush", "{\"a\"");
  }

  @Test
  void reading_secrets_and_changing_tokens_and_stacks_is_audited() {
    Webhook webhook = app.createWebhook(1);
    Grant ops = new Grant(new TokenId(new UUID(0, 1)), Samples.ACME, Role.ADMIN, new All(), "ops");
    String host = webhook.settings().endpoint().uri().getHost();
    app.webhooks.readSecret(Samples.DEMO, webhook.id(), Actor.of(ops));
    app.webhooks.readHeaders(Samples.DEMO, webhook.id(), Actor.of(ops));
    TokenAdmin.CreatedToken created =
        tokens.create(new CreateTokenRequest("ci", Role.WRITER, new All()), ops);
    TokenId id = created.token().grant().token();
    tokens.rename(TokenScope.all(), id, "deploy", ADA);
    tokens.revoke(TokenScope.all(), id, ADA);
    tokens.revoke(TokenScope.all(), id, ADA);
    app.journal.deleteStack(Samples.DEMO, ADA);

    assertThat(auditLog().subList(1, 7))
        .containsExactly(
            "ops SECRET_READ {HOST=" + host + "}",
            "ops HEADERS_READ {HOST=" + host + "}",
            "ops TOKEN_CREATED {NAME=ci, ROLE=writer, STACKS=*}",
            "Ada TOKEN_RENAMED {NAME=deploy, PREVIOUS_NAME=ci}",
            "Ada TOKEN_REVOKED {NAME=deploy, ROLE=writer, STACKS=*}",
            "Ada STACK_DELETED {NAME=Demo}");
    assertThat(auditLog()).hasSize(7);
    assertThat(events().toString()).doesNotContain(created.secret().reveal());
  }

  @Test
  void a_replay_says_what_was_replayed() {
    Webhook webhook = app.createWebhook(1);
    app.startRun("run-1");
    Instant to = app.clock.instant().plusSeconds(60);
    Delivery sent = app.latestDeliveryOf(webhook);

    Delivery again = app.deliveries.redeliver(Samples.ACME, new All(), sent.id(), ADA);
    app.deliveries
        .replays()
        .create(
            Samples.DEMO,
            webhook.id(),
            new ReplayRequest(
                Optional.of(Instant.EPOCH),
                Optional.of(to),
                false,
                Replay.Status.DELIVERED,
                Optional.of("run-1"),
                Optional.of(RunState.QUEUED)),
            ADA);
    app.deliveries
        .replays()
        .preview(
            Samples.DEMO,
            webhook.id(),
            ReplayRequest.since(Instant.EPOCH, Replay.Status.DELIVERED));

    String host = webhook.settings().endpoint().uri().getHost();
    assertThat(auditLog().subList(1, auditLog().size()))
        .containsExactly(
            "Ada DELIVERY_REDELIVERED {DELIVERY=%s, WEBHOOK=%s, RUN=run-1}"
                .formatted(again.id(), webhook.id()),
            ("Ada DELIVERIES_REPLAYED {HOST=%s, RUN=run-1, STATE=QUEUED, FROM=1970-01-01T00:00:00Z,"
                    + " TO=%s, STATUS=DELIVERED, MATCHED=1}")
                .formatted(host, to));
    assertThat(events().getFirst().resource()).contains(webhook.id().value());
  }

  @Test
  void a_long_detail_is_cut() {
    Set<String> stacks =
        IntStream.range(0, 100).mapToObj(i -> "stack-" + i).collect(Collectors.toSet());
    Grant ops = new Grant(new TokenId(new UUID(0, 1)), Samples.ACME, Role.ADMIN, new All(), "ops");

    tokens.create(new CreateTokenRequest("ci", Role.WRITER, new Only(stacks)), ops);

    assertThat(events().getFirst().details().get(AuditDetail.STACKS))
        .hasSize(AuditEvent.MAX_DETAIL)
        .startsWith("stack-0,stack-1,stack-10,")
        .endsWith("…");
  }

  @Test
  void long_values_are_cut_so_that_each_changed_setting_has_both() {
    Webhook webhook = app.createWebhook(1);
    List<String> patterns =
        IntStream.range(0, 20).mapToObj(i -> "release/a-long-name-of-a-branch-" + i).toList();
    UpdateWebhookRequest many =
        UpdateWebhookRequest.empty()
            .with(WebhookSetting.BRANCHES, BranchFilter.of(patterns))
            .with(WebhookSetting.STACK_LABELS, Set.of("production"));
    app.webhooks.update(Samples.DEMO, webhook.id(), many, ADA);

    app.webhooks.update(
        Samples.DEMO,
        webhook.id(),
        UpdateWebhookRequest.empty()
            .with(WebhookSetting.BRANCHES, BranchFilter.of(List.of("main")))
            .with(WebhookSetting.STACK_LABELS, Set.of()),
        ADA);

    String values = requireNonNull(events().getFirst().details().get(AuditDetail.VALUES));
    assertThat(values)
        .matches(
            "branches: release/a-long-name-of-a-branch-0, release/a-long-.+… → main\nstackLabels: production → \\(default\\)")
        .hasSizeLessThanOrEqualTo(AuditEvent.MAX_DETAIL);
  }

  @Test
  void a_rolled_back_change_is_not_audited() {
    Webhook webhook = app.createWebhook(1);
    int before = events().size();
    String duplicate = app.createWebhook(2).settings().endpoint().text();

    refusalOf(() ->
        app.webhooks.update(
            Samples.DEMO, webhook.id(), UpdateWebhookRequest.empty().withEndpoint(duplicate), ADA));

    assertThat(events()).hasSize(before + 1);
    assertThat(events().getFirst().action()).isEqualTo(AuditAction.WEBHOOK_CREATED);
  }

  private static CreateWebhookRequest webhookWithSecrets() {
    return CreateWebhookRequest.of(ENDPOINT).withSecret(SigningSecret.parse("hush-secret"));
  }

  private static RotateSecretRequest rotation() {
    return new RotateSecretRequest(
        Optional.of(SigningSecret.parse("hush too")), Duration.ofHours(1));
  }

  private List<AuditEvent> events() {
    return audit.list(AuditFilter.of(Samples.ACME, new All()), PageRequest.first()).items();
  }

  /// Formats all audit events, oldest first.
  private List<String> auditLog() {
    return events().reversed().stream()
        .map(event -> event.actor() + " " + event.action() + " " + event.details())
        .toList();
  }
}
