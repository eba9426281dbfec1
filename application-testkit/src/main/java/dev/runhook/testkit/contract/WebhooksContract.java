package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a store does with webhooks. Their health has a contract of its own, [HealthContract].
@Promises
public interface WebhooksContract extends HealthContract {
  @Override
  Transactor transactor();

  @Test
  default void webhooks_are_counted_by_stack() {
    Scene scene = Scene.on(transactor());
    Scene other = Scene.on(transactor());

    add(other);

    assertThat(count(scene)).isZero();
    add(scene);
    assertThat(count(scene)).isOne();
  }

  @Test
  default void who_counts_before_adding_never_goes_over_a_limit() throws InterruptedException {
    Scene scene = Scene.on(transactor());

    Together.run(
        8,
        () -> {
          Webhook webhook = scene.newWebhook(scene.stackId(), scene.newEndpoint());
          transactor()
              .run(unit -> {
                if (unit.webhooks().countToAdd(scene.stackId()) < 3) {
                  unit.webhooks().add(webhook);
                }
              });
        });

    assertThat(count(scene)).isEqualTo(3);
  }

  private static void add(Scene scene) {
    Webhook webhook = scene.newWebhook(scene.stackId(), scene.newEndpoint());
    scene.<Boolean>in(unit -> unit.webhooks().add(webhook));
  }

  private static int count(Scene scene) {
    return scene.<Integer>in(unit -> unit.webhooks().countToAdd(scene.stackId()));
  }

  @Test
  default void a_webhook_comes_back_as_it_was() {
    Scene scene = Scene.on(transactor());
    WebhookSettings settings =
        new WebhookSettings(
            Endpoint.stored("HTTPS://Hooks.Example.COM:443/a%2fb?token=x%3d1"),
            "Чат команды 💬",
            new Subscription(
                Set.of(RunState.FINISHED, RunState.FAILED),
                Set.of(RunType.TRACKED, RunType.TASK),
                Optional.of(false)),
            new CustomHeaders(
                List.of(
                    new Header("X-Api-Key", "a b\"c"), new Header("Authorization", "Bearer y"))),
            new Pace(
                Optional.of(Duration.ofMillis(1500)),
                Optional.of(List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofHours(24)))));
    Webhook plain = scene.newWebhook(scene.stackId(), scene.newEndpoint());
    Webhook webhook =
        plain
            .edited(settings, scene.now().plusSeconds(1))
            .rotated(
                SigningSecret.parse("нов'ый \"secret\" \\ 密"), scene.now(), Duration.ofHours(24));

    boolean added = scene.in(unit -> unit.webhooks().add(webhook));

    Webhook found =
        scene.in(unit -> unit.webhooks().find(scene.stackId(), webhook.id()).orElseThrow());
    assertThat(added).isTrue();
    assertThat(found).isEqualTo(webhook);
    assertThat(found.settings().endpoint().text()).isEqualTo(settings.endpoint().text());
  }

  @Test
  default void no_schedule_of_its_own_and_an_empty_one_are_told_apart() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    WebhookSettings plain = webhook.settings();
    Pace neverRetried = new Pace(Optional.empty(), Optional.of(List.of()));
    Pace impatient = new Pace(Optional.of(Pace.SHORTEST_TIMEOUT), Optional.empty());

    for (Pace pace : List.of(neverRetried, impatient, Pace.usual())) {
      WebhookSettings paced =
          new WebhookSettings(
              plain.endpoint(), plain.name(), plain.subscription(), plain.headers(), pace);
      save(scene, webhook.edited(paced, scene.now()));

      Webhook found =
          scene.in(unit -> unit.webhooks().find(scene.stackId(), webhook.id()).orElseThrow());
      assertThat(found.settings().pace()).isEqualTo(pace);
    }
  }

  @Test
  default void an_endpoint_is_taken_once_per_stack_in_whatever_spelling() {
    Scene scene = Scene.on(transactor());
    Webhook first =
        scene.newWebhook(scene.stackId(), Endpoint.stored("https://hooks.example.com/%7efoo"));
    Webhook same =
        scene.newWebhook(scene.stackId(), Endpoint.stored("HTTPS://HOOKS.example.com:443/%7Efoo"));
    Webhook third =
        scene.newWebhook(scene.stackId(), Endpoint.stored("https://hooks.example.com/%7EFOO"));

    List<Boolean> added =
        scene.in(unit ->
            List.of(
                unit.webhooks().add(first), unit.webhooks().add(same), unit.webhooks().add(third)));

    Page<Webhook> kept =
        scene.in(unit -> unit.webhooks().list(scene.stackId(), PageRequest.first()));
    assertThat(added).containsExactly(true, false, true);
    assertThat(kept.items()).containsExactly(first, third);
  }

  @Test
  default void an_endpoint_is_free_on_another_stack() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    Webhook twin = scene.newWebhook(scene.newStack("other"), webhook.settings().endpoint());

    boolean added = scene.in(unit -> unit.webhooks().add(twin));

    assertThat(added).isTrue();
  }

  @Test
  default void a_webhook_needs_a_stack() {
    Scene scene = Scene.on(transactor());
    Webhook lost = scene.newWebhook(new StackId(scene.account(), "missing"), scene.newEndpoint());

    assertThatThrownBy(() -> scene.in(unit -> unit.webhooks().add(lost)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  default void saving_keeps_all_of_a_webhook() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    Webhook changed =
        webhook
            .edited(
                new WebhookSettings(
                    scene.newEndpoint(),
                    "renamed",
                    Subscription.all(),
                    CustomHeaders.none(),
                    Pace.usual()),
                scene.now().plusSeconds(5))
            .rotated(SigningSecret.parse("another"), scene.now(), Duration.ofHours(1))
            .disabled(scene.now(), "disabled by Ada");

    boolean saved = save(scene, changed);

    Webhook found =
        scene.in(unit -> unit.webhooks().find(scene.stackId(), webhook.id()).orElseThrow());
    assertThat(saved).isTrue();
    assertThat(found).isEqualTo(changed);
  }

  @Test
  default void saving_a_taken_endpoint_changes_nothing_and_the_unit_goes_on() {
    Scene scene = Scene.on(transactor());
    Webhook one = scene.webhook();
    Webhook two = scene.webhook();
    Webhook greedy =
        two.edited(
            new WebhookSettings(
                one.settings().endpoint(),
                "greedy",
                Subscription.all(),
                CustomHeaders.none(),
                Pace.usual()),
            scene.now());
    Webhook third = scene.newWebhook(scene.stackId(), scene.newEndpoint());

    List<Boolean> answers =
        scene.in(unit -> {
          unit.webhooks().findForUpdate(scene.stackId(), two.id());
          return List.of(unit.webhooks().save(greedy), unit.webhooks().add(third));
        });

    Page<Webhook> kept =
        scene.in(unit -> unit.webhooks().list(scene.stackId(), PageRequest.first()));
    assertThat(answers).containsExactly(false, true);
    assertThat(kept.items()).containsExactly(one, two, third);
  }

  @Test
  default void a_webhook_may_keep_its_endpoint_or_take_a_freed_one() {
    Scene scene = Scene.on(transactor());
    Webhook one = scene.webhook();
    Webhook two = scene.webhook();

    boolean same = save(scene, one.rotated(SigningSecret.parse("new"), scene.now(), Duration.ZERO));
    scene.in(unit -> unit.webhooks().delete(scene.stackId(), one.id()));
    boolean freed =
        save(scene, two.edited(WebhookSettings.of(one.settings().endpoint()), scene.now()));

    assertThat(List.of(same, freed)).containsExactly(true, true);
  }

  @Test
  default void deleting_a_webhook_takes_its_open_deliveries() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    Webhook other = scene.webhook();
    StackId otherStack = scene.newStack("other");
    scene.deliver(webhook, scene.run());
    DeliveryId stays = scene.deliver(other, scene.run());

    boolean wrongStack = scene.in(unit -> unit.webhooks().delete(otherStack, webhook.id()));
    boolean deleted = scene.in(unit -> unit.webhooks().delete(scene.stackId(), webhook.id()));
    boolean again = scene.in(unit -> unit.webhooks().delete(scene.stackId(), webhook.id()));

    Optional<Webhook> found = scene.in(unit -> unit.webhooks().find(scene.stackId(), webhook.id()));
    assertThat(List.of(wrongStack, deleted, again)).containsExactly(false, true, false);
    assertThat(found).isEmpty();
    assertThat(Claims.on(scene).claimIds()).containsExactly(stays);
  }

  @Test
  default void a_webhook_is_found_on_its_stack_only() {
    Scene scene = Scene.on(transactor());
    Webhook webhook = scene.webhook();
    StackId other = scene.newStack("other");

    Optional<Webhook> here =
        scene.in(unit -> unit.webhooks().findForUpdate(scene.stackId(), webhook.id()));
    Optional<Webhook> there = scene.in(unit -> unit.webhooks().find(other, webhook.id()));
    Optional<Webhook> lockedThere =
        scene.in(unit -> unit.webhooks().findForUpdate(other, webhook.id()));

    assertThat(here).contains(webhook);
    assertThat(there).isEmpty();
    assertThat(lockedThere).isEmpty();
  }

  @Test
  default void the_oldest_webhook_is_listed_first_and_pages_neither_repeat_nor_skip() {
    Scene scene = Scene.on(transactor());
    List<Webhook> all = IntStream.range(0, 4).mapToObj(_ -> scene.webhook()).toList();
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Webhook> first = scene.in(unit -> unit.webhooks().list(scene.stackId(), two));
    Webhook late = scene.webhook();
    Page<Webhook> second =
        scene.in(
            unit -> unit.webhooks().list(scene.stackId(), two.from(first.next().orElseThrow())));
    Page<Webhook> third =
        scene.in(
            unit -> unit.webhooks().list(scene.stackId(), two.from(second.next().orElseThrow())));

    assertThat(first.items()).isEqualTo(all.subList(0, 2));
    assertThat(second.items()).isEqualTo(all.subList(2, 4));
    assertThat(third.items()).containsExactly(late);
    assertThat(third.next()).isEmpty();
  }

  @Test
  default void the_webhooks_of_several_stacks_come_by_stack() {
    Scene scene = Scene.on(transactor());
    StackId other = scene.newStack("other");
    StackId bare = scene.newStack("bare");
    Webhook one = scene.webhook();
    Webhook two = scene.webhook(new Health.Disabled(scene.now(), "disabled by Ada"));
    Webhook three = scene.newWebhook(other, scene.newEndpoint());
    scene.in(unit -> unit.webhooks().add(three));

    Map<StackId, List<Webhook>> found =
        scene.in(unit -> unit.webhooks().ofStacks(List.of(other, scene.stackId(), bare)));

    assertThat(found.get(scene.stackId())).containsExactly(one, two);
    assertThat(found.get(other)).containsExactly(three);
    assertThat(found.getOrDefault(bare, List.of())).isEmpty();
  }

  private static boolean save(Scene scene, Webhook webhook) {
    return scene.in(unit -> {
      unit.webhooks().findForUpdate(webhook.stack(), webhook.id());
      return unit.webhooks().save(webhook);
    });
  }
}
