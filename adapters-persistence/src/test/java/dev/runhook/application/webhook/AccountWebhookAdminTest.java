package dev.runhook.application.webhook;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.CopyCount;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.spi.Buckets;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CopySource;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Account webhooks on one bucket and on four, of which the last ones can be unavailable.
@ParameterizedClass
@ValueSource(ints = {1, 4})
class AccountWebhookAdminTest extends AccountWebhookFixture {
  AccountWebhookAdminTest(int count) {
    super(count);
  }

  @Test
  void each_matching_stack_gets_a_copy() {
    Webhook created = create(selector("env:prod and not tier:sandbox"));

    Webhook copy = only("net");
    assertThat(copy.source()).contains(new CopySource(created.id(), 1));
    assertThat(copy.settings()).isEqualTo(created.settings());
    assertThat(copy.keys()).isEqualTo(created.keys());
    assertThat(webhooksOf("db")).isEmpty();
    assertThat(webhooksOf("app")).isEmpty();
    assertThat(created.selectorOwner().isCopied()).isTrue();
    assertThat(copiesOf(created)).isEqualTo(new CopyCount(1, 0, 0));
  }

  @Test
  void a_webhook_follows_the_configuration_of_a_host() {
    CreateWebhookRequest request =
        CreateWebhookRequest.of("https://hooks.example.com/all")
            .withExternalId("alerts")
            .withSelector(selector("env:prod"));
    Webhook created = admin.createOrUpdate(ACME, request, ADA);

    Webhook repeated = admin.createOrUpdate(ACME, request, ADA);
    Webhook changed =
        admin.createOrUpdate(
            ACME,
            request.onStates(RunState.FAILED).withSelector(selector("env:test")).withEnabled(false),
            ADA);
    Webhook requestedAgain = admin.createOrUpdate(ACME, request, ADA);
    Webhook other = admin.createOrUpdate(ACME, request.withExternalId("reports"), ADA);

    assertThat(repeated.selectorOwner().version()).isEqualTo(1);
    assertThat(changed.id()).isEqualTo(created.id());
    assertThat(changed.keys()).isEqualTo(created.keys());
    assertThat(changed.settings().subscription().states()).containsExactly(RunState.FAILED);
    assertThat(changed.isEnabled()).isFalse();
    assertThat(requestedAgain.settings()).isEqualTo(created.settings());
    assertThat(requestedAgain.isEnabled()).isFalse();
    assertThat(other.id()).isNotEqualTo(created.id());
    assertThat(webhooksOf("net")).hasSize(2);
  }

  @Test
  void a_new_stack_gets_the_copies_that_match_it() {
    create(selector("env:prod"));

    register("later", "env:prod");
    register("test", "env:test");

    assertThat(webhooksOf("later")).hasSize(1);
    assertThat(webhooksOf("test")).isEmpty();
  }

  @Test
  void a_stack_with_new_labels_gets_and_loses_copies() {
    create(selector("env:prod"));

    register("app", "env:prod");
    register("net", "env:test");

    assertThat(webhooksOf("app")).hasSize(1);
    assertThat(webhooksOf("net")).isEmpty();
  }

  @Test
  void a_change_of_labels_does_not_end_what_waits() {
    Webhook created = create(selector("env:prod"));
    Webhook copy = only("net");
    startRun("net", "before");

    register("net");
    startRun("net", "excluded");
    Webhook excluded = only("net");
    register("net", "env:prod");
    startRun("net", "after");
    dispatcher().poll();

    assertThat(List.of(excluded.id(), only("net").id())).containsOnly(copy.id());
    assertThat(requestsTo(created))
        .hasSize(2)
        .noneMatch(request -> request.payload().text().contains("excluded"));
    assertThat(copiesOf(created)).isEqualTo(new CopyCount(2, 0, 0));
  }

  @Test
  void a_change_of_the_selector_does_not_end_what_waits() {
    Webhook created = create(selector("env:prod"));
    Webhook copy = only("net");
    startRun("net", "before");

    setSelector(created, selector("env:test"));
    startRun("net", "excluded");
    Webhook rotated =
        admin.rotateSecret(
            ACME, created.id(), new RotateSecretRequest(Optional.empty(), Duration.ZERO), ADA);
    SigningKeys keysOfCopy = only("net").keys();
    dispatcher().poll();
    List<Webhook> afterwards = webhooksOf("net");
    setSelector(created, selector("env:prod"));

    assertThat(requestsTo(created)).hasSize(1);
    assertThat(keysOfCopy).isEqualTo(rotated.keys()).isNotEqualTo(copy.keys());
    assertThat(afterwards).isEmpty();
    assertThat(only("net").id()).isEqualTo(copy.id());
    assertThat(only("net").settings()).isEqualTo(created.settings());
  }

  @Test
  void a_deleted_account_webhook_leaves_no_copy_that_no_longer_matches() {
    Webhook created = create(selector("env:prod"));
    Webhook copy = only("net");
    setSelector(created, selector("env:test"));

    admin.delete(ACME, created.id(), ADA);

    assertThat(refusalOf(() -> webhooks.get(copy.stack(), copy.id())))
        .isEqualTo(new Refusal.NoSuchWebhook(copy.id().toString()));
  }

  @Test
  void a_run_explanation_says_that_the_selector_does_not_match() {
    create(selector("env:prod"));
    register("net");

    startRun("net", "excluded");

    assertThat(explain("net", "excluded"))
        .containsExactly("not sent: the selector of the account webhook does not match the stack");
  }

  @Test
  void copies_follow_their_account_webhook() {
    Webhook created = create(selector("env:prod"));
    Webhook before = only("net");

    Webhook updated =
        admin.update(
            ACME,
            created.id(),
            UpdateWebhookRequest.empty()
                .withEndpoint("https://hooks.example.com/new")
                .withSelector(new StackSelector(Optional.empty(), List.of("net", "app"))),
            ADA);

    assertThat(only("net").id()).isEqualTo(before.id());
    assertThat(only("net").settings()).isEqualTo(updated.settings());
    assertThat(only("net").source()).contains(new CopySource(created.id(), 2));
    assertThat(only("app").settings()).isEqualTo(updated.settings());
    assertThat(webhooksOf("db")).isEmpty();
  }

  @Test
  void a_change_that_changes_nothing_is_not_copied() {
    Webhook created = create(StackSelector.all());

    admin.revokePreviousSecret(ACME, created.id(), ADA);

    assertThat(admin.get(ACME, created.id()).selectorOwner().version()).isEqualTo(1);
  }

  @Test
  void a_rotated_secret_is_copied_with_its_overlap() {
    Webhook created = create(StackSelector.all());

    Webhook rotated =
        admin.rotateSecret(
            ACME,
            created.id(),
            new RotateSecretRequest(Optional.empty(), Duration.ofHours(1)),
            ADA);

    assertThat(only("net").keys()).isEqualTo(rotated.keys());
    assertThat(rotated.keys().previous()).isPresent();
    admin.revokePreviousSecret(ACME, created.id(), ADA);
    assertThat(only("net").keys().previous()).isEmpty();
  }

  @Test
  void disabling_and_enabling_applies_to_all_copies() {
    Webhook created = create(StackSelector.all());
    setHealth(only("db"), new Health.Disabled(Samples.NOON, Optional.empty()));
    setHealth(only("app"), new Health.Paused(Samples.NOON, 9, Samples.NOON, "failed"));

    setEnabled(created, false);
    assertThat(only("net").health())
        .isEqualTo(new Health.Disabled(Samples.NOON, Optional.of("Ada")));
    assertThat(only("app").isEnabled()).isFalse();

    setEnabled(created, true);
    assertThat(List.of(only("net"), only("db"), only("app")))
        .allMatch(copy -> copy.health().equals(Health.healthy()));
  }

  @Test
  void an_edit_does_not_end_a_pause_or_enable_what_a_receiver_disabled() {
    Webhook created = create(StackSelector.all());
    Health disabled = new Health.Disabled(Samples.NOON, Optional.empty());
    Health paused = new Health.Paused(Samples.NOON, 9, Samples.NOON, "failed");
    setHealth(only("db"), disabled);
    setHealth(only("app"), paused);

    admin.update(
        ACME,
        created.id(),
        UpdateWebhookRequest.empty()
            .withHeaders(new CustomHeaders(List.of(new Header("X-Key", "1")))),
        ADA);

    assertThat(only("db").health()).isEqualTo(disabled);
    assertThat(only("app").health()).isEqualTo(paused);
    assertThat(copiesOf(created)).isEqualTo(new CopyCount(9, 1, 1));
  }

  @Test
  void a_copy_changes_only_with_its_account_webhook_and_hides_the_secret_of_all_stacks() {
    Webhook created = create(StackSelector.all());
    Webhook copy = only("net");
    Refusal refusal = new Refusal.WebhookIsCopy(created.id().toString());

    assertThat(
            refusalOf(() ->
                webhooks.update(
                    copy.stack(), copy.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA)))
        .isEqualTo(refusal);
    assertThat(refusalOf(() -> webhooks.delete(copy.stack(), copy.id(), ADA))).isEqualTo(refusal);
    assertThat(
            refusalOf(() ->
                webhooks.rotateSecret(
                    copy.stack(),
                    copy.id(),
                    new RotateSecretRequest(Optional.empty(), Duration.ZERO),
                    ADA)))
        .isEqualTo(refusal);
    assertThat(refusalOf(() -> webhooks.readSecret(copy.stack(), copy.id(), ADA)))
        .isEqualTo(refusal);
    assertThat(refusalOf(() -> webhooks.readHeaders(copy.stack(), copy.id(), ADA)))
        .isEqualTo(refusal);
    setHealth(copy, new Health.Paused(Samples.NOON, 9, Samples.NOON, "failed"));
    webhooks.resume(copy.stack(), copy.id(), ADA);
    assertThat(only("net").health()).isEqualTo(Health.healthy());
  }

  @Test
  void a_deleted_account_webhook_leaves_no_copies() {
    Webhook created = create(StackSelector.all());

    admin.delete(ACME, created.id(), ADA);
    register("later");

    assertThat(webhooksOf("net")).isEmpty();
    assertThat(webhooksOf("later")).isEmpty();
    assertThat(admin.list(ACME, PageRequest.first()).items()).isEmpty();
    assertThat(refusalOf(() -> admin.get(ACME, created.id())))
        .isEqualTo(new Refusal.NoSuchAccountWebhook(created.id().toString()));
    assertThat(stored())
        .hasSize(stores.size())
        .allMatch(webhook -> webhook.selectorOwner().deleted());
    app.clock.advance(Duration.ofHours(2));
    admin.copyChanges();
    assertThat(stored()).isEmpty();
  }

  @Test
  void a_change_that_an_unavailable_bucket_interrupted_is_copied_later() {
    Webhook created = create(StackSelector.all());
    stores.getLast().failAfter = 1;

    setEnabled(created, false);
    assertThat(stored(created).selectorOwner().isCopied()).isFalse();
    assertThat(stored(created).isEnabled()).isFalse();
    stores.getLast().failAfter = Integer.MAX_VALUE;
    assertThat(admin.copyChanges()).isEqualTo(1);

    assertThat(stored(created).selectorOwner().isCopied()).isTrue();
    assertThat(List.of(only("net"), only("db"), only("app"))).noneMatch(Webhook::isEnabled);
    assertThat(admin.copyChanges()).isZero();
  }

  @Test
  void a_stack_that_is_created_while_a_key_is_missing_gets_its_copy_later() {
    Webhook created = create(StackSelector.all());
    setKeys(created, SigningKeys.of(SigningSecret.undecryptable("key k1 is missing")));

    register("later");
    assertThat(admin.copyChanges()).isZero();
    assertThat(webhooksOf("later")).isEmpty();
    setKeys(created, created.keys());
    assertThat(admin.copyChanges()).isEqualTo(1);

    assertThat(only("later").keys()).isEqualTo(created.keys());
    assertThat(admin.copyChanges()).isZero();
  }

  @Test
  void a_process_that_is_late_does_not_restore_a_deleted_account_webhook() {
    Webhook created = create(StackSelector.all());
    admin.delete(ACME, created.id(), ADA);

    new AccountWebhookCopies(app.ids, new PlainPayloadRenderer())
        .copy(new Buckets(stores.size()).router(List.copyOf(stores)), created, app.observer);

    assertThat(webhooksOf("net")).isEmpty();
    assertThat(stored()).allMatch(webhook -> webhook.selectorOwner().deleted());
  }

  @Test
  void the_number_of_account_webhooks_is_limited() {
    Webhook first = create(StackSelector.all());
    create(StackSelector.all());
    create(StackSelector.all());

    assertThat(refusalOf(() -> create(StackSelector.all())))
        .isEqualTo(new Refusal.AccountQuotaExceeded("account webhooks", 3));
    admin.delete(ACME, first.id(), ADA);
    create(StackSelector.all());
    assertThat(admin.list(ACME, new PageRequest(2, Optional.empty())).items()).hasSize(2);
    assertThat(webhooksOf("net")).hasSize(3);
  }

  @Test
  void the_stacks_of_a_selector_can_be_previewed() {
    StackMatches matches = admin.preview(ACME, selector("env:prod"));

    assertThat(matches.count()).isEqualTo(2);
    assertThat(matches.first()).containsExactly(stack("db"), stack("net"));
  }

  @Test
  void a_change_of_a_run_is_delivered_to_the_copy() {
    Webhook created = create(selector("env:prod"));

    startRun("net", "run");
    startRun("app", "run");
    dispatcher().poll();

    assertThat(requestsTo(created)).hasSize(1);
  }
}
