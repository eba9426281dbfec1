package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.Actor;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.webhook.NewSecret;
import dev.runhook.application.webhook.PaceEdit;
import dev.runhook.application.webhook.PaceEdit.Choice;
import dev.runhook.application.webhook.SubscriptionEdit;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthTurn;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WebhookAdminTest {
  private static final StackId NO_STACK = new StackId(Samples.ACME, "nil");
  private static final WebhookId NO_WEBHOOK = new WebhookId(new UUID(0x7000, 1L << 63));

  private static final Pace OWN_PACE =
      new Pace(Optional.of(Duration.ofSeconds(20)), Optional.of(List.of(Duration.ofMinutes(1))));

  private final World world = new World();

  @Test
  void a_webhook_without_a_secret_gets_one_of_its_own() {
    SigningSecret one = world.webhook(1).keys().current();
    SigningSecret two = world.webhook(2).keys().current();

    assertThat(one.reveal()).startsWith("whsec_").hasSize(50);
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void a_stack_has_no_more_webhooks_than_it_may() {
    WebhookAdmin admin =
        WebhookAdmin.using(
            world.store,
            new WebhookAdmin.Rules(new EgressPolicy(List.of()), 2),
            new WebhookAdmin.Sources(world.ids, world.clock, new Random(7)),
            world.observations);
    Webhook first = world.webhook(1);
    world.webhook(2);

    assertThat(refusalOf(() -> create(admin, 3))).isEqualTo(new Refusal.TooManyWebhooks(2));

    admin.delete(first.stack(), first.id(), World.ADA);
    create(admin, 4);
    assertThat(refusalOf(() -> create(admin, 5))).isEqualTo(new Refusal.TooManyWebhooks(2));
  }

  private static Webhook create(WebhookAdmin admin, int number) {
    return admin.create(
        Samples.stack().id(),
        WebhookDraft.of("https://limit.example.com/" + number),
        new Actor("ops"));
  }

  @Test
  void a_webhook_is_as_it_was_drafted() {
    WebhookDraft draft =
        new WebhookDraft(
            "https://hooks.example.com/a",
            Optional.of(Samples.secret()),
            true,
            "Deploys",
            new Subscription(Set.of(RunState.FAILED), Set.of(RunType.TASK)),
            new CustomHeaders(List.of(new Header("X-Key", "1"))),
            OWN_PACE);

    Webhook webhook = world.webhook(draft);

    assertThat(world.now(webhook)).isEqualTo(webhook);
    assertThat(webhook.keys().current()).isEqualTo(Samples.secret());
    assertThat(webhook.settings().name()).isEqualTo("Deploys");
    assertThat(webhook.settings().subscription()).isEqualTo(draft.subscription());
    assertThat(webhook.settings().headers()).isEqualTo(draft.headers());
    assertThat(webhook.settings().pace()).isEqualTo(OWN_PACE);
    assertThat(webhook.createdAt()).isEqualTo(world.clock.instant());
  }

  @Test
  void a_webhook_may_begin_disabled_and_tells_by_whom() {
    WebhookDraft plain = WebhookDraft.of(Samples.endpoint(1).text());
    Webhook webhook =
        world.webhook(
            new WebhookDraft(
                plain.endpoint(),
                plain.secret(),
                false,
                plain.name(),
                plain.subscription(),
                plain.headers(),
                plain.pace()));

    world.start("run-1");

    assertThat(webhook.health())
        .isEqualTo(new Health.Disabled(world.clock.instant(), "disabled by Ada"));
    assertThat(world.told(webhook)).isEmpty();
  }

  @Test
  void disabling_and_enabling_are_told_once_each() {
    Webhook webhook = world.webhook(1);

    edit(webhook, WebhookEdit.none().enabled(true));
    edit(webhook, WebhookEdit.none().enabled(false));
    edit(webhook, WebhookEdit.none().enabled(false));
    edit(webhook, WebhookEdit.none().enabled(true));

    assertThat(world.observations.turns).containsExactly(HealthTurn.DISABLED, HealthTurn.ENABLED);
  }

  @Test
  void an_endpoint_is_taken_once_per_stack() {
    world.webhook(WebhookDraft.of("https://hooks.example.com/a"));
    StackId other = new StackId(Samples.ACME, "other");
    world.journal.register(Stack.named(other, "Other"));

    Refusal refusal =
        refusalOf(() -> world.webhook(WebhookDraft.of("HTTPS://hooks.example.com:443/a")));
    Webhook elsewhere =
        world.webhooks.create(other, WebhookDraft.of("https://hooks.example.com/a"), World.ADA);

    assertThat(refusal).isEqualTo(new Refusal.EndpointTaken());
    assertThat(world.now(elsewhere)).isEqualTo(elsewhere);
    assertThat(world.webhooks.list(Samples.DEMO, PageRequest.first()).items()).hasSize(1);
  }

  @Test
  void an_endpoint_that_is_no_url_or_leads_inside_is_refused_at_create_and_edit() {
    Webhook webhook = world.webhook(1);

    assertThat(refusalOf(() -> world.webhook(WebhookDraft.of("hooks.example.com"))))
        .isInstanceOf(Refusal.EndpointMalformed.class);
    assertThat(refusalOf(() -> world.webhook(WebhookDraft.of("http://127.0.0.1/"))))
        .isEqualTo(new Refusal.EndpointForbidden("loopback 127.0.0.0/8"));
    assertThat(refusalOf(() -> edit(webhook, WebhookEdit.none().endpoint("http://[::1]/"))))
        .isInstanceOf(Refusal.EndpointForbidden.class);
    assertThat(
            refusalOf(
                () -> edit(webhook, WebhookEdit.none().endpoint("https://user@example.com/"))))
        .isInstanceOf(Refusal.EndpointMalformed.class);
    assertThat(world.now(webhook)).isEqualTo(webhook);
  }

  @Test
  void an_edit_to_a_taken_endpoint_is_refused_and_changes_nothing() {
    Webhook one = world.webhook(1);
    Webhook two = world.webhook(2);

    Refusal refusal =
        refusalOf(() -> edit(two, WebhookEdit.none().endpoint(one.settings().endpoint().text())));

    assertThat(refusal).isEqualTo(new Refusal.EndpointTaken());
    assertThat(world.now(two)).isEqualTo(two);
  }

  @Test
  void an_edit_changes_what_it_names_and_nothing_else() {
    Webhook webhook = world.webhook(1);
    world.clock.advance(Duration.ofSeconds(5));
    WebhookEdit named =
        new WebhookEdit(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("renamed"),
            new SubscriptionEdit(
                Optional.of(Set.of(RunState.FAILED)), Optional.empty(), Optional.empty()),
            Optional.empty(),
            PaceEdit.none());

    Webhook edited = edit(webhook, named);

    assertThat(edited.settings().name()).isEqualTo("renamed");
    assertThat(edited.settings().subscription())
        .isEqualTo(new Subscription(Set.of(RunState.FAILED), Set.of()));
    assertThat(edited.settings().endpoint()).isEqualTo(webhook.settings().endpoint());
    assertThat(edited.keys()).isEqualTo(webhook.keys());
    assertThat(edited.createdAt()).isEqualTo(webhook.createdAt());
    assertThat(edited.updatedAt()).isEqualTo(world.clock.instant());
    assertThat(world.now(webhook)).isEqualTo(edited);
  }

  @Test
  void an_edit_of_the_pace_changes_the_part_it_names_or_sets_it_back() {
    Webhook webhook = world.webhook(WebhookDraft.of(Samples.endpoint(1).text()).pace(OWN_PACE));
    List<Duration> waits = List.of(Duration.ZERO, Duration.ofHours(1));
    PaceEdit reschedule =
        new PaceEdit(Optional.empty(), Optional.of(new Choice<>(Optional.of(waits))));
    PaceEdit usualTimeout =
        new PaceEdit(Optional.of(new Choice<>(Optional.empty())), Optional.empty());

    Pace untouched = edit(webhook, WebhookEdit.none()).settings().pace();
    Pace rescheduled = edit(webhook, WebhookEdit.none().pace(reschedule)).settings().pace();
    Pace setBack = edit(webhook, WebhookEdit.none().pace(usualTimeout)).settings().pace();

    assertThat(untouched).isEqualTo(OWN_PACE);
    assertThat(rescheduled).isEqualTo(new Pace(OWN_PACE.timeout(), Optional.of(waits)));
    assertThat(setBack).isEqualTo(new Pace(Optional.empty(), Optional.of(waits)));
  }

  @Test
  void a_secret_changed_by_an_edit_ends_at_once() {
    Webhook webhook = world.webhook(1);
    SigningSecret next = SigningSecret.parse("next");
    WebhookEdit named =
        new WebhookEdit(
            Optional.empty(),
            Optional.of(next),
            Optional.empty(),
            Optional.empty(),
            SubscriptionEdit.none(),
            Optional.empty(),
            PaceEdit.none());

    assertThat(edit(webhook, named).keys().inForce(world.clock.instant())).containsExactly(next);
  }

  @Test
  void a_regenerated_secret_leaves_the_old_one_in_force_for_the_overlap() {
    Webhook webhook = world.webhook(1);

    Webhook rotated =
        world.webhooks.regenerateSecret(
            Samples.DEMO,
            webhook.id(),
            new NewSecret(Optional.empty(), Duration.ofHours(1)),
            World.ADA);

    assertThat(rotated.keys().current()).isNotEqualTo(webhook.keys().current());
    assertThat(rotated.keys().inForce(world.clock.instant()))
        .containsExactly(rotated.keys().current(), webhook.keys().current());
    assertThat(rotated.keys().inForce(world.clock.instant().plus(Duration.ofHours(1))))
        .containsExactly(rotated.keys().current());
  }

  @Test
  void a_deleted_webhook_is_gone_with_what_was_on_its_way() {
    Webhook webhook = world.webhook(1);
    world.answers(webhook, World.ERROR);
    world.start("run-1");

    world.webhooks.delete(Samples.DEMO, webhook.id(), World.ADA);
    world.pass(Duration.ofHours(1));

    assertThat(world.told(webhook)).hasSize(1);
    assertThat(refusalOf(() -> world.now(webhook)))
        .isEqualTo(new Refusal.NoSuchWebhook(webhook.id().toString()));
  }

  @Test
  void what_is_not_there_is_refused() {
    Refusal noWebhook = new Refusal.NoSuchWebhook(NO_WEBHOOK.toString());
    Refusal noStack = new Refusal.NoSuchStack("nil");
    NewSecret secret = new NewSecret(Optional.empty(), Duration.ZERO);

    assertThat(refusalOf(() -> world.webhooks.find(Samples.DEMO, NO_WEBHOOK))).isEqualTo(noWebhook);
    assertThat(refusalOf(() -> world.webhooks.delete(Samples.DEMO, NO_WEBHOOK, World.ADA)))
        .isEqualTo(noWebhook);
    assertThat(
            refusalOf(
                () -> world.webhooks.regenerateSecret(Samples.DEMO, NO_WEBHOOK, secret, World.ADA)))
        .isEqualTo(noWebhook);
    assertThat(
            refusalOf(
                () -> world.webhooks.edit(Samples.DEMO, NO_WEBHOOK, WebhookEdit.none(), World.ADA)))
        .isEqualTo(noWebhook);
    assertThat(refusalOf(() -> world.webhooks.list(NO_STACK, PageRequest.first())))
        .isEqualTo(noStack);
    assertThat(refusalOf(() -> world.webhooks.find(NO_STACK, NO_WEBHOOK))).isEqualTo(noStack);
    assertThat(
            refusalOf(() ->
                world.webhooks.create(
                    NO_STACK, WebhookDraft.of("https://example.com/"), World.ADA)))
        .isEqualTo(noStack);
  }

  private Webhook edit(Webhook webhook, WebhookEdit edit) {
    return world.webhooks.edit(Samples.DEMO, webhook.id(), edit, World.ADA);
  }
}
