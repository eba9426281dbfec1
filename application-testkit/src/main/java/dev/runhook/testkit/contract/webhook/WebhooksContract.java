package dev.runhook.testkit.contract.webhook;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.ChangeFilter;
import dev.runhook.domain.filter.ResourceFilter;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Requirements for stores of webhooks, including those of [WebhookListContract],
/// [WebhookHealthContract] and [WebhookDeletionContract].
@Contract
public interface WebhooksContract
    extends WebhookListContract, WebhookHealthContract, WebhookDeletionContract {
  @Override
  Transactor transactor();

  @Test
  default void webhooks_are_counted_by_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    ContractFixture other = ContractFixture.on(transactor());

    add(other);

    assertThat(count(fixture)).isZero();
    add(fixture);
    assertThat(count(fixture)).isOne();
  }

  @Test
  default void concurrent_adds_cannot_exceed_a_limit_that_is_checked_with_a_lock_and_a_count()
      throws InterruptedException {
    ContractFixture fixture = ContractFixture.on(transactor());

    Concurrently.run(
        8,
        () -> {
          Webhook webhook = fixture.unsavedWebhook(fixture.stackId(), fixture.newEndpoint());
          transactor()
              .run(unit -> {
                if (unit.webhooks().lockAndCount(fixture.stackId()) < 3) {
                  unit.webhooks().add(webhook);
                }
              });
        });

    assertThat(count(fixture)).isEqualTo(3);
    int ofAccount =
        fixture.<Integer>inTransaction(
            unit -> unit.webhooks().lockAndCount(fixture.stackId().account()));
    assertThat(ofAccount).isEqualTo(3);
  }

  @Test
  default void concurrent_adds_on_several_stacks_cannot_exceed_the_limit_of_the_account()
      throws InterruptedException {
    ContractFixture fixture = ContractFixture.on(transactor());
    AtomicInteger number = new AtomicInteger();

    Concurrently.run(
        8,
        () -> {
          StackId stack = fixture.addStack("stack-" + number.incrementAndGet());
          Webhook webhook = fixture.unsavedWebhook(stack, fixture.newEndpoint());
          transactor()
              .run(unit -> {
                if (unit.webhooks().lockAndCount(fixture.account()) < 3) {
                  unit.webhooks().add(webhook);
                }
              });
        });

    int count =
        fixture.<Integer>inTransaction(unit -> unit.webhooks().lockAndCount(fixture.account()));
    assertThat(count).isEqualTo(3);
  }

  private static void add(ContractFixture fixture) {
    Webhook webhook = fixture.unsavedWebhook(fixture.stackId(), fixture.newEndpoint());
    fixture.<Boolean>inTransaction(unit -> unit.webhooks().add(webhook));
  }

  private static int count(ContractFixture fixture) {
    return fixture.<Integer>inTransaction(unit -> unit.webhooks().lockAndCount(fixture.stackId()));
  }

  @Test
  default void a_webhook_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    WebhookSettings settings =
        new WebhookSettings(
            Endpoint.ofStored("HTTPS://Hooks.Example.COM:443/a%2fb?token=x%3d1"),
            "Чат команды 💬",
            "github.com/acme/infra:чат",
            Subscription.all()
                .withStates(Set.of(RunState.FINISHED, RunState.FAILED))
                .withTypes(Set.of(RunType.TRACKED, RunType.TASK))
                .withDriftDetection(Optional.of(false))
                .withPreviousStates(Set.of(RunState.APPLYING, RunState.PLANNING))
                .withBranches(BranchFilter.of(List.of("release/**", "!release/\"{a},b'", "Ж*")))
                .withChanges(
                    new ChangeFilter(
                        Optional.of(true),
                        Optional.of(1),
                        Optional.of(ChangeFilter.MAX_COUNT),
                        ResourceFilter.of(List.of("destroy:*[\"a, {b}\"]", "ж*"))))
                .withStackLabels(Set.of("env:production", "a \"b\\\", {c}, NULL"))
                .withEvents(Set.of(Event.Kind.WEBHOOK_PAUSED, Event.Kind.RUN_STATE_CHANGED)),
            new CustomHeaders(
                List.of(
                    new Header("X-Api-Key", "a b\"c"), new Header("Authorization", "Bearer y"))),
            new DeliverySettings(
                Format.TEMPLATE,
                Optional.of("{\"text\": \"{{stack.name}} {{! é }}\"}"),
                true,
                Optional.of(Duration.ofMillis(1500)),
                Optional.of(List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofHours(24))),
                Optional.of(1_000),
                Optional.of(60_000),
                true));
    Webhook plain = fixture.unsavedWebhook(fixture.stackId(), fixture.newEndpoint());
    Webhook webhook =
        plain
            .edited(settings, fixture.now().plusSeconds(1))
            .rotated(
                SigningSecret.parse("нов'ый \"secret\" \\ 密"), fixture.now(), Duration.ofHours(24));

    boolean added = fixture.inTransaction(unit -> unit.webhooks().add(webhook));

    Webhook found =
        fixture.inTransaction(
            unit -> unit.webhooks().find(fixture.stackId(), webhook.id()).orElseThrow());
    assertThat(added).isTrue();
    assertThat(found).isEqualTo(webhook);
    assertThat(found.settings().endpoint().text()).isEqualTo(settings.endpoint().text());
  }

  @Test
  default void the_limits_of_delivery_settings_are_stored() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    WebhookSettings plain = webhook.settings();
    DeliverySettings neverRetried = new DeliverySettings(Optional.empty(), Optional.of(List.of()));
    DeliverySettings leastTimeout =
        new DeliverySettings(Optional.of(DeliverySettings.MIN_TIMEOUT), Optional.empty());
    List<Duration> longest = nCopies(DeliverySettings.MAX_DELAYS, DeliverySettings.MAX_DELAY);
    DeliverySettings greatest =
        new DeliverySettings(Optional.of(DeliverySettings.MAX_TIMEOUT), Optional.of(longest));

    for (DeliverySettings deliverySettings :
        List.of(neverRetried, leastTimeout, greatest, DeliverySettings.defaults())) {
      WebhookSettings paced =
          new WebhookSettings(
              plain.endpoint(),
              plain.name(),
              plain.subscription(),
              plain.headers(),
              deliverySettings);
      save(fixture, webhook.edited(paced, fixture.now()));

      Webhook found =
          fixture.inTransaction(
              unit -> unit.webhooks().find(fixture.stackId(), webhook.id()).orElseThrow());
      assertThat(found.settings().delivery()).isEqualTo(deliverySettings);
    }
  }

  @Test
  default void an_endpoint_is_unique_within_a_stack_in_any_spelling() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook first =
        fixture.unsavedWebhook(
            fixture.stackId(), Endpoint.ofStored("https://hooks.example.com/%7efoo"));
    Webhook unchanged =
        fixture.unsavedWebhook(
            fixture.stackId(), Endpoint.ofStored("HTTPS://HOOKS.example.com:443/%7Efoo"));
    Webhook third =
        fixture.unsavedWebhook(
            fixture.stackId(), Endpoint.ofStored("https://hooks.example.com/%7EFOO"));

    List<Boolean> added =
        fixture.inTransaction(unit ->
            List.of(
                unit.webhooks().add(first),
                unit.webhooks().add(unchanged),
                unit.webhooks().add(third)));

    Page<Webhook> stored =
        fixture.inTransaction(unit -> unit.webhooks().list(fixture.stackId(), PageRequest.first()));
    assertThat(added).containsExactly(true, false, true);
    assertThat(stored.items()).containsExactly(first, third);
  }

  @Test
  default void an_endpoint_can_be_used_on_another_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook sameEndpoint =
        fixture.unsavedWebhook(fixture.addStack("other"), webhook.settings().endpoint());

    boolean added = fixture.inTransaction(unit -> unit.webhooks().add(sameEndpoint));

    assertThat(added).isTrue();
  }

  @Test
  default void a_webhook_needs_a_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook withoutStack =
        fixture.unsavedWebhook(new StackId(fixture.account(), "missing"), fixture.newEndpoint());

    assertThatThrownBy(() -> fixture.inTransaction(unit -> unit.webhooks().add(withoutStack)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  default void saving_stores_every_field_of_a_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook changed =
        webhook
            .edited(
                new WebhookSettings(
                    fixture.newEndpoint(),
                    "renamed",
                    Subscription.all(),
                    CustomHeaders.none(),
                    DeliverySettings.defaults()),
                fixture.now().plusSeconds(5))
            .rotated(SigningSecret.parse("another"), fixture.now(), Duration.ofHours(1))
            .disabled(fixture.now(), "disabled by Ada");

    boolean saved = save(fixture, changed);

    Webhook found =
        fixture.inTransaction(
            unit -> unit.webhooks().find(fixture.stackId(), webhook.id()).orElseThrow());
    assertThat(saved).isTrue();
    assertThat(found).isEqualTo(changed);
  }

  @Test
  default void saving_a_duplicate_endpoint_changes_nothing_and_the_transaction_continues() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook one = fixture.addWebhook();
    Webhook two = fixture.addWebhook();
    Webhook duplicate =
        two.edited(
            new WebhookSettings(
                one.settings().endpoint(),
                "greedy",
                Subscription.all(),
                CustomHeaders.none(),
                DeliverySettings.defaults()),
            fixture.now());
    Webhook third = fixture.unsavedWebhook(fixture.stackId(), fixture.newEndpoint());

    List<Boolean> results =
        fixture.inTransaction(unit -> {
          unit.webhooks().findForUpdate(fixture.stackId(), two.id());
          return List.of(unit.webhooks().save(duplicate), unit.webhooks().add(third));
        });

    Page<Webhook> stored =
        fixture.inTransaction(unit -> unit.webhooks().list(fixture.stackId(), PageRequest.first()));
    assertThat(results).containsExactly(false, true);
    assertThat(stored.items()).containsExactly(one, two, third);
  }

  @Test
  default void a_webhook_can_keep_its_endpoint_or_take_that_of_a_deleted_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook one = fixture.addWebhook();
    Webhook two = fixture.addWebhook();

    boolean unchanged =
        save(fixture, one.rotated(SigningSecret.parse("new"), fixture.now(), Duration.ZERO));
    fixture.inTransaction(unit -> unit.webhooks().delete(fixture.stackId(), one.id()));
    boolean reused =
        save(fixture, two.edited(WebhookSettings.of(one.settings().endpoint()), fixture.now()));

    assertThat(List.of(unchanged, reused)).containsExactly(true, true);
  }

  @Test
  default void a_webhook_is_found_only_on_its_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    StackId other = fixture.addStack("other");

    Optional<Webhook> here =
        fixture.inTransaction(
            unit -> unit.webhooks().findForUpdate(fixture.stackId(), webhook.id()));
    Optional<Webhook> there =
        fixture.inTransaction(unit -> unit.webhooks().find(other, webhook.id()));
    Optional<Webhook> lockedThere =
        fixture.inTransaction(unit -> unit.webhooks().findForUpdate(other, webhook.id()));

    assertThat(here).contains(webhook);
    assertThat(there).isEmpty();
    assertThat(lockedThere).isEmpty();
  }

  private static boolean save(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit -> {
      unit.webhooks().findForUpdate(webhook.stack(), webhook.id());
      return unit.webhooks().save(webhook);
    });
  }
}
