package dev.runhook.testkit.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for the deletion of webhooks. A deleted webhook stays with its history until
/// retention removes both.
@Contract
public interface WebhookDeletionContract {
  Transactor transactor();

  @Test
  default void deleting_a_webhook_ends_its_open_deliveries_and_keeps_its_history() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    Webhook other = fixture.addWebhook();
    StackId otherStack = fixture.addStack("other");
    DeliveryId ended = fixture.addDelivery(webhook, fixture.addRun());
    DeliveryId stays = fixture.addDelivery(other, fixture.addRun());

    boolean wrongStack =
        fixture.inTransaction(unit -> unit.webhooks().delete(otherStack, webhook.id()));
    boolean deleted =
        fixture.inTransaction(unit -> unit.webhooks().delete(fixture.stackId(), webhook.id()));
    boolean again =
        fixture.inTransaction(unit -> unit.webhooks().delete(fixture.stackId(), webhook.id()));

    Optional<Webhook> found =
        fixture.inTransaction(unit -> unit.webhooks().find(fixture.stackId(), webhook.id()));
    assertThat(List.of(wrongStack, deleted, again)).containsExactly(false, true, false);
    assertThat(found).isEmpty();
    assertThat(DispatchSteps.on(fixture).claimIds()).containsExactly(stays);
    StoredDelivery history = DispatchSteps.on(fixture).details(ended);
    assertThat(history.delivery().status()).isEqualTo(Delivery.Status.FAILED);
    assertThat(history.webhookDeletedAt()).isPresent();
    assertThat(history.webhook().settings().endpoint()).isEqualTo(webhook.settings().endpoint());
    assertThat(history.webhook().keys().current().isDecrypted()).isFalse();
  }

  @Test
  default void a_deleted_webhook_existed_and_is_not_counted_or_listed() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    StackId stack = fixture.stackId();
    StackId otherStack = fixture.addStack("other");
    WebhookId unknown = fixture.newWebhookId();
    fixture.inTransaction(unit -> unit.webhooks().delete(stack, webhook.id()));

    List<Boolean> exists =
        fixture.inTransaction(unit ->
            List.of(
                unit.webhooks().exists(stack, webhook.id()),
                unit.webhooks().exists(otherStack, webhook.id()),
                unit.webhooks().exists(stack, unknown)));
    int count = fixture.inTransaction(unit -> unit.webhooks().lockAndCount(stack));
    int ofAccount = fixture.inTransaction(unit -> unit.webhooks().lockAndCount(stack.account()));
    assertThat(ofAccount).isZero();

    assertThat(exists).containsExactly(true, false, false);
    assertThat(count).isZero();
    Page<Webhook> listed =
        fixture.inTransaction(unit -> unit.webhooks().list(stack, PageRequest.first()));
    assertThat(listed.items()).isEmpty();
    assertThat(fixture.inTransaction(unit -> unit.webhooks().findByStacks(List.of(stack))).values())
        .allMatch(List::isEmpty);
  }
}
