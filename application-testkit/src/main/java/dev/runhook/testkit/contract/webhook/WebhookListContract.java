package dev.runhook.testkit.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requirements for lists of webhooks.
@Contract
public interface WebhookListContract {
  Transactor transactor();

  @Test
  default void webhooks_are_listed_oldest_first_and_pages_neither_repeat_nor_skip_any() {
    ContractFixture fixture = ContractFixture.on(transactor());
    List<Webhook> all = IntStream.range(0, 4).mapToObj(ignored -> fixture.addWebhook()).toList();
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Webhook> first =
        fixture.inTransaction(unit -> unit.webhooks().list(fixture.stackId(), two));
    Webhook late = fixture.addWebhook();
    Page<Webhook> second =
        fixture.inTransaction(unit ->
            unit.webhooks().list(fixture.stackId(), two.withAfter(first.next().orElseThrow())));
    Page<Webhook> third =
        fixture.inTransaction(unit ->
            unit.webhooks().list(fixture.stackId(), two.withAfter(second.next().orElseThrow())));

    assertThat(first.items()).isEqualTo(all.subList(0, 2));
    assertThat(second.items()).isEqualTo(all.subList(2, 4));
    assertThat(third.items()).containsExactly(late);
    assertThat(third.next()).isEmpty();
  }

  @Test
  default void a_webhook_is_found_in_its_account_and_on_its_stack_only() {
    ContractFixture fixture = ContractFixture.on(transactor());
    ContractFixture other = ContractFixture.on(transactor());
    StackId net = fixture.addStack("net");
    Webhook webhook = fixture.addWebhook();
    Webhook deleted = fixture.addWebhook();
    transactor().run(unit -> unit.webhooks().delete(deleted.stack(), deleted.id()));

    assertThat(find(fixture, fixture.account(), webhook)).contains(webhook);
    assertThat(find(fixture, other.account(), webhook)).isEmpty();
    assertThat(find(fixture, fixture.account(), deleted)).isEmpty();
    assertThat(findOnStack(fixture, webhook.stack(), webhook)).contains(webhook);
    assertThat(findOnStack(fixture, net, webhook)).isEmpty();
  }

  private static Optional<Webhook> find(
      ContractFixture fixture, AccountId account, Webhook webhook) {
    return fixture.inTransaction(unit -> unit.webhooks().find(account, webhook.id()));
  }

  private static Optional<Webhook> findOnStack(
      ContractFixture fixture, StackId stack, Webhook webhook) {
    return fixture.inTransaction(unit -> unit.webhooks().find(stack, webhook.id()));
  }

  @Test
  default void webhooks_of_an_account_are_limited_to_the_stack_scope() {
    ContractFixture otherAccount = ContractFixture.on(transactor());
    otherAccount.addWebhook();
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook one = fixture.addWebhook();
    StackId net = fixture.addStack("net");
    Webhook two = fixture.unsavedWebhook(net, fixture.newEndpoint());
    Webhook deleted = fixture.addWebhook();
    transactor()
        .run(unit -> {
          unit.webhooks().add(two);
          unit.webhooks().delete(deleted.stack(), deleted.id());
        });
    PageRequest first = new PageRequest(1, Optional.empty());

    Page<Webhook> page =
        fixture.inTransaction(
            unit -> unit.webhooks().list(fixture.account(), new StackScope.All(), first));
    Page<Webhook> last =
        fixture.inTransaction(unit ->
            unit.webhooks()
                .list(
                    fixture.account(),
                    new StackScope.All(),
                    first.withAfter(page.next().orElseThrow())));
    Page<Webhook> ofNet =
        fixture.inTransaction(
            unit -> unit.webhooks().list(fixture.account(), StackScope.of("net"), first));

    assertThat(page.items()).containsExactly(one);
    assertThat(last.items()).containsExactly(two);
    assertThat(last.next()).isEmpty();
    assertThat(ofNet.items()).containsExactly(two);
    assertThat(ofNet.next()).isEmpty();
  }

  @Test
  default void webhooks_are_found_by_their_external_id() {
    ContractFixture fixture = ContractFixture.on(transactor());
    fixture.addWebhook();
    Webhook managed = withExternalId(fixture.addWebhook(), "tf-1");
    transactor()
        .run(unit -> {
          unit.webhooks().findForUpdate(managed.stack(), managed.id());
          unit.webhooks().save(managed);
        });

    assertThat(listed(fixture, "tf-1")).containsExactly(managed);
    assertThat(listed(fixture, "tf")).isEmpty();
  }

  private static Webhook withExternalId(Webhook webhook, String id) {
    return webhook.edited(
        SettingsPatch.empty().with(WebhookSetting.EXTERNAL_ID, id).applyTo(webhook.settings()),
        webhook.updatedAt());
  }

  private static List<Webhook> listed(ContractFixture fixture, String externalId) {
    return fixture
        .inTransaction(unit ->
            unit.webhooks()
                .list(
                    fixture.account(),
                    new StackScope.All(),
                    Optional.of(externalId),
                    PageRequest.first()))
        .items();
  }

  @Test
  default void webhooks_of_several_stacks_are_grouped_by_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    StackId other = fixture.addStack("other");
    StackId bare = fixture.addStack("bare");
    Webhook one = fixture.addWebhook();
    Webhook two = fixture.addWebhook(new Health.Disabled(fixture.now(), Optional.of("Ada")));
    Webhook three = fixture.unsavedWebhook(other, fixture.newEndpoint());
    fixture.inTransaction(unit -> unit.webhooks().add(three));

    Map<StackId, List<Webhook>> found =
        fixture.inTransaction(
            unit -> unit.webhooks().findByStacks(List.of(other, fixture.stackId(), bare)));

    assertThat(found.get(fixture.stackId())).containsExactly(one, two);
    assertThat(found.get(other)).containsExactly(three);
    assertThat(found.getOrDefault(bare, List.of())).isEmpty();
  }

  @Test
  default void webhooks_that_want_operational_events_are_found_by_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    StackId other = fixture.addStack("other");
    fixture.addWebhook();
    Webhook one = addSubscriber(fixture, fixture.stackId());
    Webhook deleted = addSubscriber(fixture, fixture.stackId());
    addSubscriber(fixture, fixture.addStack("unasked"));
    transactor().run(unit -> unit.webhooks().delete(deleted.stack(), deleted.id()));

    Map<StackId, List<Webhook>> found =
        fixture.inTransaction(
            unit -> unit.webhooks().findSubscribers(List.of(other, fixture.stackId())));

    assertThat(found).isEqualTo(Map.of(fixture.stackId(), List.of(one)));
  }

  private static Webhook addSubscriber(ContractFixture fixture, StackId stack) {
    Webhook subscriber =
        ContractFixture.withEvents(
            fixture.unsavedWebhook(stack, fixture.newEndpoint()),
            Set.of(Event.Kind.WEBHOOK_PAUSED));
    fixture.<Boolean>inTransaction(unit -> unit.webhooks().add(subscriber));
    return subscriber;
  }
}
