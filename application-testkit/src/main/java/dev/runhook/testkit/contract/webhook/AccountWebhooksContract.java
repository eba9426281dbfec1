package dev.runhook.testkit.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.CopyCount;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.LabelExpression;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookCopy;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for stores of account webhooks and of their copies.
@Contract
public interface AccountWebhooksContract {
  Transactor transactor();

  private static Webhook accountWebhook(ContractFixture fixture, StackSelector selector) {
    return Webhook.create(
        fixture.newWebhookId(),
        SelectorOwner.of(fixture.account(), selector),
        WebhookSettings.of(fixture.newEndpoint()),
        SigningKeys.of(Samples.secret()),
        fixture.now());
  }

  private static Webhook added(ContractFixture fixture) {
    Webhook webhook = accountWebhook(fixture, StackSelector.all());
    put(fixture, webhook);
    return webhook;
  }

  private static void put(ContractFixture fixture, Webhook webhook) {
    fixture.inTransaction(unit -> {
      unit.accountWebhooks().put(webhook);
      return unit;
    });
  }

  private static List<Webhook> list(ContractFixture fixture) {
    return fixture.inTransaction(unit -> unit.accountWebhooks().list(fixture.account()));
  }

  private static Webhook addCopy(ContractFixture fixture, Webhook of, StackId stack) {
    Webhook copy = WebhookCopy.create(of, stack, fixture.newWebhookId(), fixture.now());
    boolean isAdded = fixture.inTransaction(unit -> unit.webhooks().add(copy));
    assertThat(isAdded).isTrue();
    return copy;
  }

  @Test
  default void an_account_webhook_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook plain =
        accountWebhook(
            fixture,
            new StackSelector(
                Optional.of(LabelExpression.parse("env:prod and not \"tier one\"")),
                List.of("net-*", "db")));
    Instant later = fixture.now().plusMillis(7);
    Webhook full =
        plain
            .edited(
                new WebhookSettings(
                    fixture.newEndpoint(),
                    "Chat 🌍",
                    Subscription.all(),
                    new CustomHeaders(List.of(new Header("X-Key", "1"))),
                    new DeliverySettings(Optional.of(Duration.ofSeconds(3)), Optional.empty())
                        .withFormat(Format.PAGERDUTY)),
                later)
            .rotated(Samples.secret(), later, Duration.ofHours(1))
            .enabled(later)
            .disabled(later, "Ada")
            .withVersionAfter(plain);

    put(fixture, full);
    put(fixture, plain);

    List<Webhook> locked =
        fixture.inTransaction(unit -> unit.accountWebhooks().lockAndList(fixture.account()));
    assertThat(locked).containsExactly(full);
    assertThat(list(fixture)).containsExactly(full);
  }

  @Test
  default void account_webhooks_of_an_account_are_listed_oldest_first() {
    ContractFixture other = ContractFixture.on(transactor());
    added(other);
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook one = added(fixture);
    Webhook two = added(fixture);

    assertThat(list(fixture)).containsExactly(one, two);
  }

  @Test
  default void a_later_version_replaces_an_earlier_one_and_not_the_other_way() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook first = added(fixture);
    Webhook second = first.enabled(fixture.now()).withVersionAfter(first);

    put(fixture, second);
    put(fixture, first.copied());
    assertThat(list(fixture)).containsExactly(second);

    put(fixture, second.copied());
    assertThat(list(fixture)).containsExactly(second.copied());
  }

  @Test
  default void account_webhooks_are_found_until_they_are_copied() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook copied = added(fixture);
    Webhook uncopied = added(fixture);
    put(fixture, copied.copied());

    List<Webhook> found = fixture.inTransaction(unit -> unit.accountWebhooks().findUncopied(1000));

    assertThat(found).contains(uncopied).doesNotContain(copied, copied.copied());
  }

  @Test
  default void a_deleted_account_webhook_loses_its_secrets_and_is_removed_later() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = added(fixture);
    Instant deletedAt = fixture.now();
    Webhook deleted = webhook.asDeleted(deletedAt).withVersionAfter(webhook);
    put(fixture, deleted);

    assertThat(list(fixture))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.selectorOwner().deleted()).isTrue();
          assertThat(found.keys().current().isDecrypted()).isFalse();
        });
    removeDeleted(fixture, deletedAt.plusMillis(1));
    assertThat(list(fixture)).as("not copied yet").hasSize(1);
    put(fixture, deleted.copied());
    put(fixture, webhook);
    removeDeleted(fixture, deletedAt);
    assertThat(list(fixture))
        .as("too early")
        .allMatch(stored -> stored.selectorOwner().deleted())
        .hasSize(1);
    removeDeleted(fixture, deletedAt.plusMillis(1));
    assertThat(list(fixture)).isEmpty();
  }

  private static void removeDeleted(ContractFixture fixture, Instant before) {
    fixture.inTransaction(unit -> {
      unit.accountWebhooks().removeDeleted(before);
      return unit;
    });
  }

  @Test
  default void copies_are_webhooks_with_any_endpoint_and_are_not_counted_as_those_of_the_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook accountWebhook = added(fixture);
    Webhook own = fixture.unsavedWebhook(fixture.stackId(), accountWebhook.settings().endpoint());
    fixture.inTransaction(unit -> unit.webhooks().add(own));

    Webhook copy = addCopy(fixture, accountWebhook, fixture.stackId());

    List<Webhook> found =
        fixture.inTransaction(unit ->
            unit.webhooks().findByStacks(List.of(fixture.stackId())).get(fixture.stackId()));
    assertThat(found).containsExactly(own, copy);
    assertThat(
            List.of(
                fixture.inTransaction(unit -> unit.webhooks().lockAndCount(fixture.stackId())),
                fixture.inTransaction(unit -> unit.webhooks().lockAndCount(fixture.account()))))
        .containsExactly(1, 1);
  }

  @Test
  default void a_copy_is_saved_with_the_version_that_it_follows() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook first = added(fixture);
    Webhook copy = addCopy(fixture, first, fixture.stackId());
    Webhook second =
        first
            .edited(WebhookSettings.of(fixture.newEndpoint()), fixture.now())
            .withVersionAfter(first);
    Webhook following = WebhookCopy.update(second, copy);

    save(fixture, following);

    assertThat(find(fixture, copy)).contains(following);
  }

  @Test
  default void a_copy_that_is_not_selected_is_listed_and_counted_while_deliveries_wait() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook copy = addCopy(fixture, added(fixture), fixture.stackId());
    Webhook excluded = copy.withSelected(false);
    fixture.addDelivery(copy, fixture.addRun());

    save(fixture, excluded);
    List<Webhook> listedWhileWaiting = listedWebhooks(fixture);
    int countedWhileWaiting = countCopies(fixture);
    DispatchSteps.on(fixture).deliverAllDue();

    assertThat(listedWhileWaiting).containsExactly(excluded);
    assertThat(countedWhileWaiting).isEqualTo(1);
    assertThat(listedWebhooks(fixture)).isEmpty();
    assertThat(countCopies(fixture)).isZero();
    assertThat(find(fixture, copy)).contains(excluded);
    save(fixture, copy);
    assertThat(listedWebhooks(fixture)).containsExactly(copy);
    assertThat(countCopies(fixture)).isEqualTo(1);
  }

  private static void save(ContractFixture fixture, Webhook webhook) {
    fixture.inTransaction(unit -> {
      unit.webhooks().findForUpdate(webhook.stack(), webhook.id());
      return unit.webhooks().save(webhook);
    });
  }

  private static Optional<Webhook> find(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit -> unit.webhooks().find(webhook.stack(), webhook.id()));
  }

  private static List<Webhook> listedWebhooks(ContractFixture fixture) {
    return fixture.inTransaction(
        unit -> unit.webhooks().list(fixture.stackId(), PageRequest.first()).items());
  }

  private static int countCopies(ContractFixture fixture) {
    return fixture.inTransaction(unit ->
        unit.accountWebhooks().countCopies(fixture.account()).values().stream()
            .mapToInt(CopyCount::active)
            .sum());
  }

  @Test
  default void copies_are_counted_by_their_health() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook one = added(fixture);
    Webhook two = added(fixture);
    fixture.addWebhook();
    addCopy(fixture, one, fixture.stackId());
    Webhook paused = addCopy(fixture, one, fixture.addStack("paused"));
    fixture.saveHealth(paused, new Health.Paused(fixture.now(), 3, fixture.now(), "failed"));
    Webhook disabled = addCopy(fixture, two, fixture.addStack("disabled"));
    fixture.saveHealth(disabled, new Health.Disabled(fixture.now(), Optional.empty()));
    Webhook deleted = addCopy(fixture, two, fixture.addStack("deleted"));
    fixture.inTransaction(unit -> unit.webhooks().delete(deleted.stack(), deleted.id()));

    var counts =
        fixture.inTransaction(unit -> unit.accountWebhooks().countCopies(fixture.account()));

    assertThat(counts)
        .containsOnlyKeys(one.id(), two.id())
        .containsEntry(one.id(), new CopyCount(1, 1, 0))
        .containsEntry(two.id(), new CopyCount(0, 0, 1));
  }
}
