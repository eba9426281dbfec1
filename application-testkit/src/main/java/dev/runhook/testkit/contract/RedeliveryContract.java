package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.RedeliveryCandidate;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What may be delivered once more.
@Contract
public interface RedeliveryContract {
  int LIMIT = 100;

  Transactor transactor();

  @Test
  default void what_ended_as_asked_for_matches_in_the_order_of_its_events() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId first = contractFixture.addDelivery(webhook, run, RunState.PLANNING);
    dispatchSteps.exhaust(dispatchSteps.claim().getFirst());
    DeliveryId second = contractFixture.addDelivery(webhook, run, RunState.FAILED);
    dispatchSteps.exhaust(dispatchSteps.claim().getFirst());
    DeliveryId delivered = contractFixture.addDelivery(webhook, run);
    dispatchSteps.deliverAllDue();
    DeliveryId elsewhere = contractFixture.addDelivery(contractFixture.addWebhook(), run);
    dispatchSteps.exhaust(dispatchSteps.claim().getFirst());
    contractFixture.addDelivery(webhook, run);

    assertThat(ids(matching(contractFixture, failed(webhook), LIMIT)))
        .containsExactly(first, second)
        .doesNotContain(elsewhere);
    assertThat(ids(matching(contractFixture, failed(webhook), 1))).hasSize(1);
    assertThat(ids(matching(contractFixture, all(webhook).status(Status.DELIVERED), LIMIT)))
        .containsExactly(delivered);
    assertThat(ids(matching(contractFixture, all(webhook), LIMIT)))
        .containsExactly(first, second, delivered);
  }

  @Test
  default void a_span_of_time_leaves_out_what_came_to_be_before_and_after() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    DeliveryId id = contractFixture.addDelivery(webhook, contractFixture.addRun());
    dispatchSteps.exhaust(dispatchSteps.claim().getFirst());
    Instant created = id.createdAt();

    assertThat(ids(matching(contractFixture, failed(webhook).from(created), LIMIT)))
        .containsExactly(id);
    assertThat(matching(contractFixture, failed(webhook).from(created.plusMillis(1)), LIMIT))
        .isEmpty();
    assertThat(matching(contractFixture, failed(webhook).to(created), LIMIT)).isEmpty();
  }

  @Test
  default void of_deliveries_that_told_the_same_the_latest_matches() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId first = contractFixture.addDelivery(webhook, run);
    dispatchSteps.exhaust(dispatchSteps.claim().getFirst());
    DeliveryId again = redeliver(contractFixture, webhook, first);
    dispatchSteps.exhaust(dispatchSteps.claim().getFirst());

    List<RedeliveryCandidate> matched = matching(contractFixture, failed(webhook), LIMIT);

    assertThat(ids(matched)).containsExactly(again);
  }

  @Test
  default void a_letter_that_is_sent_again_carries_the_same_and_names_which_it_was() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    DeliveryId id = contractFixture.addDelivery(webhook, contractFixture.addRun());
    DeliveryContent told = dispatchSteps.claim().getFirst().content();
    RedeliveryCandidate wanted = new RedeliveryCandidate(id, told.event());
    RedeliveryCandidate forgotten = new RedeliveryCandidate(id, contractFixture.newEventId());

    List<DeliveryContent> letters =
        contractFixture.inTransaction(
            unit -> unit.deliveries().findContents(List.of(forgotten, wanted)));

    assertThat(letters)
        .containsExactly(
            new DeliveryContent(
                told.event(),
                told.kind(),
                told.transition(),
                told.payload(),
                Optional.of(id),
                told.trace()));
  }

  @Test
  default void what_is_on_its_way_to_the_webhook_is_known() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    EventId told = dispatchSteps.claim().getFirst().content().event();
    EventId ping =
        contractFixture.inTransaction(unit -> {
          NewDelivery added = contractFixture.newPing(unit, webhook);
          unit.deliveries().add(List.of(added), Duration.ZERO);
          return added.content().event();
        });
    List<EventId> asked = List.of(told, ping, contractFixture.newEventId());
    WebhookId another = contractFixture.newWebhookId();

    assertThat(
            contractFixture.<Set<EventId>>inTransaction(
                unit -> unit.deliveries().findOpenEvents(webhook.id(), asked)))
        .containsExactlyInAnyOrder(told, ping);
    assertThat(
            contractFixture.<Set<EventId>>inTransaction(
                unit -> unit.deliveries().findOpenEvents(another, asked)))
        .isEmpty();
  }

  @Test
  default void a_delivery_that_repeats_another_tells_which() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    DeliveryId first = contractFixture.addDelivery(webhook, contractFixture.addRun());
    dispatchSteps.deliverAllDue();

    DeliveryId again = redeliver(contractFixture, webhook, first);
    Delivery open = dispatchSteps.details(again).delivery();
    DeliveryContent sent = dispatchSteps.claim().getFirst().content();
    dispatchSteps.deliverAllDue();

    assertThat(open.redeliveryOf()).contains(first);
    assertThat(sent.redeliveryOf()).contains(first);
    assertThat(dispatchSteps.details(first).delivery().redeliveryOf()).isEmpty();
  }

  private static DeliveryId redeliver(
      ContractFixture contractFixture, Webhook webhook, DeliveryId id) {
    return contractFixture.inTransaction(unit -> {
      EventId event =
          unit.deliveries().find(contractFixture.account(), id).orElseThrow().delivery().event();
      DeliveryContent deliveryContent =
          unit.deliveries().findContents(List.of(new RedeliveryCandidate(id, event))).getFirst();
      unit.runs()
          .findForUpdate(
              List.of(
                  new RunId(webhook.stack(), deliveryContent.transition().orElseThrow().run())));
      NewDelivery again =
          new NewDelivery(contractFixture.newDeliveryId(unit), webhook, deliveryContent, false);
      unit.deliveries().add(List.of(again), Duration.ZERO);
      return again.id();
    });
  }

  private static DeliveryFilter all(Webhook webhook) {
    return DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id()));
  }

  private static DeliveryFilter failed(Webhook webhook) {
    return all(webhook).status(Status.FAILED);
  }

  private static List<RedeliveryCandidate> matching(
      ContractFixture contractFixture, DeliveryFilter filter, int limit) {
    return contractFixture.inTransaction(
        unit -> unit.deliveries().findLatestFinished(filter, limit));
  }

  private static List<DeliveryId> ids(List<RedeliveryCandidate> redeliveries) {
    return redeliveries.stream().map(RedeliveryCandidate::delivery).toList();
  }
}
