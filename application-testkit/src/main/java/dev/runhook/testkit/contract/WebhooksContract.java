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
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
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

/// What a store does with webhooks. Their health has a contract of its own,
/// [WebhookHealthContract].
@Contract
public interface WebhooksContract extends WebhookHealthContract {
  @Override
  Transactor transactor();

  @Test
  default void webhooks_are_counted_by_stack() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    ContractFixture other = ContractFixture.on(transactor());

    add(other);

    assertThat(count(contractFixture)).isZero();
    add(contractFixture);
    assertThat(count(contractFixture)).isOne();
  }

  @Test
  default void who_counts_before_adding_never_goes_over_a_limit() throws InterruptedException {
    ContractFixture contractFixture = ContractFixture.on(transactor());

    Concurrently.run(
        8,
        () -> {
          Webhook webhook =
              contractFixture.unsavedWebhook(
                  contractFixture.stackId(), contractFixture.newEndpoint());
          transactor()
              .run(unit -> {
                if (unit.webhooks().lockAndCount(contractFixture.stackId()) < 3) {
                  unit.webhooks().add(webhook);
                }
              });
        });

    assertThat(count(contractFixture)).isEqualTo(3);
  }

  private static void add(ContractFixture contractFixture) {
    Webhook webhook =
        contractFixture.unsavedWebhook(contractFixture.stackId(), contractFixture.newEndpoint());
    contractFixture.<Boolean>inTransaction(unit -> unit.webhooks().add(webhook));
  }

  private static int count(ContractFixture contractFixture) {
    return contractFixture.<Integer>inTransaction(
        unit -> unit.webhooks().lockAndCount(contractFixture.stackId()));
  }

  @Test
  default void a_webhook_comes_back_as_it_was() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    WebhookSettings settings =
        new WebhookSettings(
            Endpoint.ofStored("HTTPS://Hooks.Example.COM:443/a%2fb?token=x%3d1"),
            "Чат команды 💬",
            new Subscription(
                Set.of(RunState.FINISHED, RunState.FAILED),
                Set.of(RunType.TRACKED, RunType.TASK),
                Optional.of(false)),
            new CustomHeaders(
                List.of(
                    new Header("X-Api-Key", "a b\"c"), new Header("Authorization", "Bearer y"))),
            new DeliverySettings(
                Optional.of(Duration.ofMillis(1500)),
                Optional.of(List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofHours(24)))));
    Webhook plain =
        contractFixture.unsavedWebhook(contractFixture.stackId(), contractFixture.newEndpoint());
    Webhook webhook =
        plain
            .edited(settings, contractFixture.now().plusSeconds(1))
            .rotated(
                SigningSecret.parse("нов'ый \"secret\" \\ 密"),
                contractFixture.now(),
                Duration.ofHours(24));

    boolean added = contractFixture.inTransaction(unit -> unit.webhooks().add(webhook));

    Webhook found =
        contractFixture.inTransaction(
            unit -> unit.webhooks().find(contractFixture.stackId(), webhook.id()).orElseThrow());
    assertThat(added).isTrue();
    assertThat(found).isEqualTo(webhook);
    assertThat(found.settings().endpoint().text()).isEqualTo(settings.endpoint().text());
  }

  @Test
  default void no_schedule_of_its_own_and_an_empty_one_are_told_apart() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    WebhookSettings plain = webhook.settings();
    DeliverySettings neverRetried = new DeliverySettings(Optional.empty(), Optional.of(List.of()));
    DeliverySettings impatient =
        new DeliverySettings(Optional.of(DeliverySettings.MIN_TIMEOUT), Optional.empty());

    for (DeliverySettings deliverySettings :
        List.of(neverRetried, impatient, DeliverySettings.defaults())) {
      WebhookSettings paced =
          new WebhookSettings(
              plain.endpoint(),
              plain.name(),
              plain.subscription(),
              plain.headers(),
              deliverySettings);
      save(contractFixture, webhook.edited(paced, contractFixture.now()));

      Webhook found =
          contractFixture.inTransaction(
              unit -> unit.webhooks().find(contractFixture.stackId(), webhook.id()).orElseThrow());
      assertThat(found.settings().delivery()).isEqualTo(deliverySettings);
    }
  }

  @Test
  default void an_endpoint_is_taken_once_per_stack_in_whatever_spelling() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook first =
        contractFixture.unsavedWebhook(
            contractFixture.stackId(), Endpoint.ofStored("https://hooks.example.com/%7efoo"));
    Webhook same =
        contractFixture.unsavedWebhook(
            contractFixture.stackId(), Endpoint.ofStored("HTTPS://HOOKS.example.com:443/%7Efoo"));
    Webhook third =
        contractFixture.unsavedWebhook(
            contractFixture.stackId(), Endpoint.ofStored("https://hooks.example.com/%7EFOO"));

    List<Boolean> added =
        contractFixture.inTransaction(unit ->
            List.of(
                unit.webhooks().add(first), unit.webhooks().add(same), unit.webhooks().add(third)));

    Page<Webhook> kept =
        contractFixture.inTransaction(
            unit -> unit.webhooks().list(contractFixture.stackId(), PageRequest.first()));
    assertThat(added).containsExactly(true, false, true);
    assertThat(kept.items()).containsExactly(first, third);
  }

  @Test
  default void an_endpoint_is_free_on_another_stack() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    Webhook twin =
        contractFixture.unsavedWebhook(
            contractFixture.addStack("other"), webhook.settings().endpoint());

    boolean added = contractFixture.inTransaction(unit -> unit.webhooks().add(twin));

    assertThat(added).isTrue();
  }

  @Test
  default void a_webhook_needs_a_stack() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook lost =
        contractFixture.unsavedWebhook(
            new StackId(contractFixture.account(), "missing"), contractFixture.newEndpoint());

    assertThatThrownBy(() -> contractFixture.inTransaction(unit -> unit.webhooks().add(lost)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  default void saving_keeps_all_of_a_webhook() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    Webhook changed =
        webhook
            .edited(
                new WebhookSettings(
                    contractFixture.newEndpoint(),
                    "renamed",
                    Subscription.all(),
                    CustomHeaders.none(),
                    DeliverySettings.defaults()),
                contractFixture.now().plusSeconds(5))
            .rotated(SigningSecret.parse("another"), contractFixture.now(), Duration.ofHours(1))
            .disabled(contractFixture.now(), "disabled by Ada");

    boolean saved = save(contractFixture, changed);

    Webhook found =
        contractFixture.inTransaction(
            unit -> unit.webhooks().find(contractFixture.stackId(), webhook.id()).orElseThrow());
    assertThat(saved).isTrue();
    assertThat(found).isEqualTo(changed);
  }

  @Test
  default void saving_a_taken_endpoint_changes_nothing_and_the_unit_goes_on() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook one = contractFixture.addWebhook();
    Webhook two = contractFixture.addWebhook();
    Webhook greedy =
        two.edited(
            new WebhookSettings(
                one.settings().endpoint(),
                "greedy",
                Subscription.all(),
                CustomHeaders.none(),
                DeliverySettings.defaults()),
            contractFixture.now());
    Webhook third =
        contractFixture.unsavedWebhook(contractFixture.stackId(), contractFixture.newEndpoint());

    List<Boolean> answers =
        contractFixture.inTransaction(unit -> {
          unit.webhooks().findForUpdate(contractFixture.stackId(), two.id());
          return List.of(unit.webhooks().save(greedy), unit.webhooks().add(third));
        });

    Page<Webhook> kept =
        contractFixture.inTransaction(
            unit -> unit.webhooks().list(contractFixture.stackId(), PageRequest.first()));
    assertThat(answers).containsExactly(false, true);
    assertThat(kept.items()).containsExactly(one, two, third);
  }

  @Test
  default void a_webhook_may_keep_its_endpoint_or_take_a_freed_one() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook one = contractFixture.addWebhook();
    Webhook two = contractFixture.addWebhook();

    boolean same =
        save(
            contractFixture,
            one.rotated(SigningSecret.parse("new"), contractFixture.now(), Duration.ZERO));
    contractFixture.inTransaction(
        unit -> unit.webhooks().delete(contractFixture.stackId(), one.id()));
    boolean freed =
        save(
            contractFixture,
            two.edited(WebhookSettings.of(one.settings().endpoint()), contractFixture.now()));

    assertThat(List.of(same, freed)).containsExactly(true, true);
  }

  @Test
  default void deleting_a_webhook_takes_its_open_deliveries() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    Webhook other = contractFixture.addWebhook();
    StackId otherStack = contractFixture.addStack("other");
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    DeliveryId stays = contractFixture.addDelivery(other, contractFixture.addRun());

    boolean wrongStack =
        contractFixture.inTransaction(unit -> unit.webhooks().delete(otherStack, webhook.id()));
    boolean deleted =
        contractFixture.inTransaction(
            unit -> unit.webhooks().delete(contractFixture.stackId(), webhook.id()));
    boolean again =
        contractFixture.inTransaction(
            unit -> unit.webhooks().delete(contractFixture.stackId(), webhook.id()));

    Optional<Webhook> found =
        contractFixture.inTransaction(
            unit -> unit.webhooks().find(contractFixture.stackId(), webhook.id()));
    assertThat(List.of(wrongStack, deleted, again)).containsExactly(false, true, false);
    assertThat(found).isEmpty();
    assertThat(DispatchSteps.on(contractFixture).claimIds()).containsExactly(stays);
  }

  @Test
  default void a_webhook_is_found_on_its_stack_only() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    StackId other = contractFixture.addStack("other");

    Optional<Webhook> here =
        contractFixture.inTransaction(
            unit -> unit.webhooks().findForUpdate(contractFixture.stackId(), webhook.id()));
    Optional<Webhook> there =
        contractFixture.inTransaction(unit -> unit.webhooks().find(other, webhook.id()));
    Optional<Webhook> lockedThere =
        contractFixture.inTransaction(unit -> unit.webhooks().findForUpdate(other, webhook.id()));

    assertThat(here).contains(webhook);
    assertThat(there).isEmpty();
    assertThat(lockedThere).isEmpty();
  }

  @Test
  default void the_oldest_webhook_is_listed_first_and_pages_neither_repeat_nor_skip() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    List<Webhook> all = IntStream.range(0, 4).mapToObj(_ -> contractFixture.addWebhook()).toList();
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Webhook> first =
        contractFixture.inTransaction(unit -> unit.webhooks().list(contractFixture.stackId(), two));
    Webhook late = contractFixture.addWebhook();
    Page<Webhook> second =
        contractFixture.inTransaction(unit ->
            unit.webhooks()
                .list(contractFixture.stackId(), two.withAfter(first.next().orElseThrow())));
    Page<Webhook> third =
        contractFixture.inTransaction(unit ->
            unit.webhooks()
                .list(contractFixture.stackId(), two.withAfter(second.next().orElseThrow())));

    assertThat(first.items()).isEqualTo(all.subList(0, 2));
    assertThat(second.items()).isEqualTo(all.subList(2, 4));
    assertThat(third.items()).containsExactly(late);
    assertThat(third.next()).isEmpty();
  }

  @Test
  default void the_webhooks_of_several_stacks_come_by_stack() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    StackId other = contractFixture.addStack("other");
    StackId bare = contractFixture.addStack("bare");
    Webhook one = contractFixture.addWebhook();
    Webhook two =
        contractFixture.addWebhook(new Health.Disabled(contractFixture.now(), "disabled by Ada"));
    Webhook three = contractFixture.unsavedWebhook(other, contractFixture.newEndpoint());
    contractFixture.inTransaction(unit -> unit.webhooks().add(three));

    Map<StackId, List<Webhook>> found =
        contractFixture.inTransaction(
            unit -> unit.webhooks().findByStacks(List.of(other, contractFixture.stackId(), bare)));

    assertThat(found.get(contractFixture.stackId())).containsExactly(one, two);
    assertThat(found.get(other)).containsExactly(three);
    assertThat(found.getOrDefault(bare, List.of())).isEmpty();
  }

  private static boolean save(ContractFixture contractFixture, Webhook webhook) {
    return contractFixture.inTransaction(unit -> {
      unit.webhooks().findForUpdate(webhook.stack(), webhook.id());
      return unit.webhooks().save(webhook);
    });
  }
}
