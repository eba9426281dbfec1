package dev.runhook.application.webhook;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.ApplicationFixture.SERVER_ERROR;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WebhookAdminTest {
  private static final StackId NO_STACK = new StackId(Samples.ACME, "nil");
  private static final WebhookId NO_WEBHOOK = new WebhookId(new UUID(0x7000, 1L << 63));

  private static final DeliverySettings DELIVERY_SETTINGS =
      new DeliverySettings(
          Optional.of(Duration.ofSeconds(20)), Optional.of(List.of(Duration.ofMinutes(1))));

  private final ApplicationFixture app = new ApplicationFixture();

  @Test
  void a_webhook_without_a_secret_gets_a_generated_one() {
    SigningSecret one = app.createWebhook(1).keys().current();
    SigningSecret two = app.createWebhook(2).keys().current();

    assertThat(one.reveal()).startsWith("whsec_").hasSize(50);
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void a_webhook_with_an_external_id_is_created_once_and_then_changed() {
    CreateWebhookRequest request =
        CreateWebhookRequest.of("https://hooks.example.com/a").withExternalId("a");
    Webhook created = createOrUpdate(request);
    app.clock.advance(Duration.ofHours(1));

    Webhook repeated = createOrUpdate(request);
    Webhook changed = createOrUpdate(request.withName("Deploys").withSecret(Samples.secret()));
    Webhook unchanged = createOrUpdate(request.withName("Deploys"));

    assertThat(repeated).isEqualTo(created);
    assertThat(changed.id()).isEqualTo(created.id());
    assertThat(changed.settings().name()).isEqualTo("Deploys");
    assertThat(changed.updatedAt()).isAfter(created.updatedAt());
    assertThat(changed.keys().current()).isEqualTo(Samples.secret());
    assertThat(unchanged).isEqualTo(changed);
    assertThatThrownBy(() -> createOrUpdate(request.withExternalId("")))
        .hasMessageContaining("external ID");
  }

  @Test
  void a_webhook_that_another_call_creates_meanwhile_is_changed() {
    CreateWebhookRequest first =
        CreateWebhookRequest.of("https://hooks.example.com/a").withExternalId("a");
    List<Webhook> created = new ArrayList<>();
    WebhookAdmin admin =
        admin(
            new MeanwhileTransactor(
                app.store,
                () -> {
                  if (created.isEmpty()) {
                    created.add(createOrUpdate(first));
                  }
                }));
    StackId stack = Samples.stack().id();

    Webhook second =
        admin.createOrUpdate(
            stack, CreateWebhookRequest.of("https://hooks.example.com/b").withExternalId("a"), ADA);

    assertThat(second.id()).isEqualTo(created.getFirst().id());
    assertThat(app.webhooks.list(stack, PageRequest.first()).items()).containsExactly(second);
  }

  /// Does something after the first transaction.
  private record MeanwhileTransactor(Transactor store, Runnable then) implements Transactor {
    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      T result = store.<T>inTransaction(work);
      then.run();
      return result;
    }
  }

  private Webhook createOrUpdate(CreateWebhookRequest request) {
    return app.webhooks.createOrUpdate(Samples.stack().id(), request, ADA);
  }

  @Test
  void a_stack_cannot_exceed_its_webhook_limit() {
    WebhookAdmin admin = limitedTo(2, 3);
    Webhook first = app.createWebhook(1);
    app.createWebhook(2);

    assertThat(refusalOf(() -> create(admin, 3))).isEqualTo(new Refusal.TooManyWebhooks(2));

    admin.delete(first.stack(), first.id(), ADA);
    create(admin, 4);
    assertThat(refusalOf(() -> create(admin, 5))).isEqualTo(new Refusal.TooManyWebhooks(2));
  }

  @Test
  void an_account_cannot_exceed_its_webhook_limit() {
    WebhookAdmin admin = limitedTo(10, 1);
    app.createWebhook(1);

    assertThat(refusalOf(() -> create(admin, 2)))
        .isEqualTo(new Refusal.AccountQuotaExceeded("webhooks", 1));
  }

  private WebhookAdmin limitedTo(int perStack, int perAccount) {
    WebhookConfig config =
        new WebhookConfig(
            new EgressPolicy(List.of()),
            perStack,
            perAccount,
            DispatchConfig.DEFAULT_MAX_TIMEOUT,
            new PlainPayloadRenderer(),
            DispatchHandoff.none());
    return new WebhookAdmin(app.store, config, app.ids, app.clock, new Random(7), app.observer);
  }

  private WebhookAdmin admin(Transactor store) {
    WebhookConfig config =
        WebhookConfig.of(new EgressPolicy(List.of()), new PlainPayloadRenderer());
    return new WebhookAdmin(store, config, app.ids, app.clock, new Random(7), app.observer);
  }

  private static Webhook create(WebhookAdmin admin, int number) {
    return admin.create(
        Samples.stack().id(),
        CreateWebhookRequest.of("https://limit.example.com/" + number),
        new Actor("ops"));
  }

  @Test
  void a_created_webhook_has_the_requested_values() {
    CreateWebhookRequest draft =
        CreateWebhookRequest.of("https://hooks.example.com/a")
            .withSecret(Samples.secret())
            .withName("Deploys")
            .withSubscription(new Subscription(Set.of(RunState.FAILED), Set.of(RunType.TASK)))
            .withHeaders(new CustomHeaders(List.of(new Header("X-Key", "1"))))
            .withDelivery(DELIVERY_SETTINGS);

    Webhook webhook = app.createWebhook(draft);

    assertThat(app.reload(webhook)).isEqualTo(webhook);
    assertThat(webhook.keys().current()).isEqualTo(Samples.secret());
    assertThat(webhook.settings().name()).isEqualTo("Deploys");
    assertThat(webhook.settings().subscription()).isEqualTo(draft.subscription());
    assertThat(webhook.settings().headers()).isEqualTo(draft.headers());
    assertThat(webhook.settings().delivery()).isEqualTo(DELIVERY_SETTINGS);
    assertThat(webhook.createdAt()).isEqualTo(app.clock.instant());
  }

  @Test
  void a_webhook_of_a_stack_cannot_have_a_selector() {
    CreateWebhookRequest request =
        CreateWebhookRequest.of(Samples.endpoint(1).text()).withSelector(StackSelector.all());

    assertThatThrownBy(() -> app.createWebhook(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a webhook of a stack has no selector");
  }

  @Test
  void a_webhook_that_is_created_disabled_records_who_disabled_it() {
    Webhook webhook =
        app.createWebhook(CreateWebhookRequest.of(Samples.endpoint(1).text()).withEnabled(false));

    app.startRun("run-1");

    assertThat(webhook.health())
        .isEqualTo(new Health.Disabled(app.clock.instant(), Optional.of("Ada")));
    assertThat(app.sentStates(webhook)).isEmpty();
  }

  @Test
  void disabling_and_enabling_are_each_reported_once() {
    Webhook webhook = app.createWebhook(1);

    edit(webhook, UpdateWebhookRequest.empty().withEnabled(true));
    edit(webhook, UpdateWebhookRequest.empty().withEnabled(false));
    edit(webhook, UpdateWebhookRequest.empty().withEnabled(false));
    edit(webhook, UpdateWebhookRequest.empty().withEnabled(true));

    assertThat(app.observer.healthChanges)
        .containsExactly(HealthChange.DISABLED, HealthChange.ENABLED);
  }

  @Test
  void an_endpoint_is_unique_within_a_stack() {
    app.createWebhook(CreateWebhookRequest.of("https://hooks.example.com/a"));
    StackId other = new StackId(Samples.ACME, "other");
    app.journal.register(Stack.named(other, "Other"));

    Refusal refusal =
        refusalOf(
            () -> app.createWebhook(CreateWebhookRequest.of("HTTPS://hooks.example.com:443/a")));
    Webhook onOtherStack =
        app.webhooks.create(other, CreateWebhookRequest.of("https://hooks.example.com/a"), ADA);

    assertThat(refusal).isEqualTo(new Refusal.DuplicateEndpoint());
    assertThat(app.reload(onOtherStack)).isEqualTo(onOtherStack);
    assertThat(app.webhooks.list(Samples.DEMO, PageRequest.first()).items()).hasSize(1);
  }

  @Test
  void malformed_and_forbidden_endpoints_are_refused_on_create_and_update() {
    Webhook webhook = app.createWebhook(1);

    assertThat(refusalOf(() -> app.createWebhook(CreateWebhookRequest.of("hooks.example.com"))))
        .isInstanceOf(Refusal.EndpointMalformed.class);
    assertThat(refusalOf(() -> app.createWebhook(CreateWebhookRequest.of("http://127.0.0.1/"))))
        .isEqualTo(new Refusal.EndpointForbidden("loopback 127.0.0.0/8"));
    assertThat(
            refusalOf(
                () -> edit(webhook, UpdateWebhookRequest.empty().withEndpoint("http://[::1]/"))))
        .isInstanceOf(Refusal.EndpointForbidden.class);
    assertThat(
            refusalOf(() ->
                edit(
                    webhook,
                    UpdateWebhookRequest.empty().withEndpoint("https://user@example.com/"))))
        .isInstanceOf(Refusal.EndpointMalformed.class);
    assertThat(app.reload(webhook)).isEqualTo(webhook);
  }

  @Test
  void an_update_to_a_duplicate_endpoint_is_refused_and_changes_nothing() {
    Webhook one = app.createWebhook(1);
    Webhook two = app.createWebhook(2);

    Refusal refusal =
        refusalOf(() ->
            edit(two, UpdateWebhookRequest.empty().withEndpoint(one.settings().endpoint().text())));

    assertThat(refusal).isEqualTo(new Refusal.DuplicateEndpoint());
    assertThat(app.reload(two)).isEqualTo(two);
  }

  @Test
  void an_update_changes_only_the_given_fields() {
    Webhook webhook = app.createWebhook(1);
    app.clock.advance(Duration.ofSeconds(5));
    UpdateWebhookRequest patch =
        UpdateWebhookRequest.empty()
            .with(WebhookSetting.NAME, "renamed")
            .with(WebhookSetting.STATES, Set.of(RunState.FAILED))
            .with(WebhookSetting.BRANCHES, BranchFilter.of(List.of("main")))
            .with(WebhookSetting.STACK_LABELS, Set.of("prod"))
            .with(WebhookSetting.EVENTS, Set.of(Event.Kind.WEBHOOK_PAUSED));

    Webhook edited = edit(webhook, patch);

    assertThat(edited.settings().name()).isEqualTo("renamed");
    assertThat(edited.settings().subscription())
        .isEqualTo(
            new Subscription(Set.of(RunState.FAILED), Set.of())
                .withBranches(BranchFilter.of(List.of("main")))
                .withStackLabels(Set.of("prod"))
                .withEvents(Set.of(Event.Kind.WEBHOOK_PAUSED)));
    assertThat(edited.settings().endpoint()).isEqualTo(webhook.settings().endpoint());
    assertThat(edited.keys()).isEqualTo(webhook.keys());
    assertThat(edited.createdAt()).isEqualTo(webhook.createdAt());
    assertThat(edited.updatedAt()).isEqualTo(app.clock.instant());
    assertThat(app.reload(webhook)).isEqualTo(edited);
  }

  @Test
  void an_update_changes_or_resets_single_delivery_settings() {
    Webhook webhook =
        app.createWebhook(
            CreateWebhookRequest.of(Samples.endpoint(1).text()).withDelivery(DELIVERY_SETTINGS));
    List<Duration> delays = List.of(Duration.ZERO, Duration.ofHours(1));
    UpdateWebhookRequest reschedule =
        UpdateWebhookRequest.empty().with(WebhookSetting.RETRY_SCHEDULE, Optional.of(delays));
    UpdateWebhookRequest defaultTimeout =
        UpdateWebhookRequest.empty().with(WebhookSetting.TIMEOUT, Optional.empty());

    DeliverySettings untouched = edit(webhook, UpdateWebhookRequest.empty()).settings().delivery();
    DeliverySettings rescheduled = edit(webhook, reschedule).settings().delivery();
    DeliverySettings reset = edit(webhook, defaultTimeout).settings().delivery();

    assertThat(untouched).isEqualTo(DELIVERY_SETTINGS);
    assertThat(rescheduled)
        .isEqualTo(new DeliverySettings(DELIVERY_SETTINGS.timeout(), Optional.of(delays)));
    assertThat(reset).isEqualTo(new DeliverySettings(Optional.empty(), Optional.of(delays)));
  }

  @Test
  void a_secret_replaced_by_an_update_expires_immediately() {
    Webhook webhook = app.createWebhook(1);
    SigningSecret next = SigningSecret.parse("next");
    UpdateWebhookRequest patch = UpdateWebhookRequest.empty().withSecret(next);

    assertThat(edit(webhook, patch).keys().activeSecrets(app.clock.instant()))
        .containsExactly(next);
  }

  @Test
  void a_rotated_secret_stays_active_during_the_overlap() {
    Webhook webhook = app.createWebhook(1);

    Webhook rotated =
        app.webhooks.rotateSecret(
            Samples.DEMO,
            webhook.id(),
            new RotateSecretRequest(Optional.empty(), Duration.ofHours(1)),
            ADA);

    assertThat(rotated.keys().current()).isNotEqualTo(webhook.keys().current());
    assertThat(rotated.keys().activeSecrets(app.clock.instant()))
        .containsExactly(rotated.keys().current(), webhook.keys().current());
    assertThat(rotated.keys().activeSecrets(app.clock.instant().plus(Duration.ofHours(1))))
        .containsExactly(rotated.keys().current());
  }

  @Test
  void deleting_a_webhook_cancels_its_open_deliveries() {
    Webhook webhook = app.createWebhook(1);
    app.respondWith(webhook, SERVER_ERROR);
    app.startRun("run-1");

    app.webhooks.delete(Samples.DEMO, webhook.id(), ADA);
    app.advance(Duration.ofHours(1));

    assertThat(app.sentStates(webhook)).hasSize(1);
    assertThat(refusalOf(() -> app.reload(webhook)))
        .isEqualTo(new Refusal.NoSuchWebhook(webhook.id().toString()));
  }

  @Test
  void unknown_ids_are_refused() {
    Refusal noWebhook = new Refusal.NoSuchWebhook(NO_WEBHOOK.toString());
    Refusal noStack = new Refusal.NoSuchStack("nil");
    RotateSecretRequest secret = new RotateSecretRequest(Optional.empty(), Duration.ZERO);

    assertThat(refusalOf(() -> app.webhooks.get(Samples.DEMO, NO_WEBHOOK))).isEqualTo(noWebhook);
    assertThat(refusalOf(() -> app.webhooks.delete(Samples.DEMO, NO_WEBHOOK, ADA)))
        .isEqualTo(noWebhook);
    assertThat(refusalOf(() -> app.webhooks.rotateSecret(Samples.DEMO, NO_WEBHOOK, secret, ADA)))
        .isEqualTo(noWebhook);
    assertThat(
            refusalOf(() ->
                app.webhooks.update(Samples.DEMO, NO_WEBHOOK, UpdateWebhookRequest.empty(), ADA)))
        .isEqualTo(noWebhook);
    assertThat(refusalOf(() -> app.webhooks.list(NO_STACK, PageRequest.first())))
        .isEqualTo(noStack);
    assertThat(refusalOf(() -> app.webhooks.get(NO_STACK, NO_WEBHOOK))).isEqualTo(noStack);
    assertThat(
            refusalOf(() ->
                app.webhooks.create(
                    NO_STACK, CreateWebhookRequest.of("https://example.com/"), ADA)))
        .isEqualTo(noStack);
  }

  private Webhook edit(Webhook webhook, UpdateWebhookRequest patch) {
    return app.webhooks.update(Samples.DEMO, webhook.id(), patch, ADA);
  }
}
