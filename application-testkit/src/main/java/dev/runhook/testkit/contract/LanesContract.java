package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.CompletionResult;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The order within a lane: one at a time, by version.
@Contract
public interface LanesContract {
  Transactor transactor();

  @Test
  default void only_the_head_of_a_lane_is_ever_due() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId head = contractFixture.addDelivery(webhook, run);
    contractFixture.addDelivery(webhook, run);

    List<DeliveryId> first = dispatchSteps.claimIds();
    List<DeliveryId> second = dispatchSteps.claimIds();

    assertThat(first).containsExactly(head);
    assertThat(second).isEmpty();
  }

  @Test
  default void finishing_the_head_frees_the_next_by_version_when_all_came_in_one_batch() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();

    List<NewDelivery> batch =
        contractFixture.inTransaction(unit -> {
          NewDelivery first = contractFixture.recordTransition(unit, webhook, run);
          NewDelivery second = contractFixture.recordTransition(unit, webhook, run);
          NewDelivery third = contractFixture.recordTransition(unit, webhook, run);
          unit.deliveries().add(List.of(third, first, second), Duration.ZERO);
          return List.of(first, second, third);
        });

    assertThat(deliverOneByOne(contractFixture))
        .isEqualTo(batch.stream().map(NewDelivery::id).toList());
  }

  @Test
  default void finishing_the_head_frees_the_next_by_version_when_they_came_one_by_one() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId first = contractFixture.addDelivery(webhook, run);
    LeasedDelivery head = dispatchSteps.claim().getFirst();
    DeliveryId second = contractFixture.addDelivery(webhook, run);
    DeliveryId third = contractFixture.addDelivery(webhook, run);

    dispatchSteps.deliver(head);

    assertThat(head.lease().delivery()).isEqualTo(first);
    assertThat(deliverOneByOne(contractFixture)).containsExactly(second, third);
  }

  @Test
  default void giving_up_the_head_frees_the_next_too() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    DeliveryId second = contractFixture.addDelivery(webhook, run);

    CompletionResult completionResult = dispatchSteps.exhaust(dispatchSteps.claim().getFirst());

    assertThat(completionResult.unblockedLanes())
        .extracting(lane -> lane.webhook())
        .containsExactly(webhook.id());
    assertThat(dispatchSteps.claimIds()).containsExactly(second);
  }

  @Test
  default void a_retry_delays_only_its_own_lane() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    Webhook otherWebhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    CompletionResult completionResult =
        dispatchSteps.retry(dispatchSteps.claim().getFirst(), DispatchSteps.AN_HOUR);

    contractFixture.addDelivery(webhook, run);
    DeliveryId otherRun = contractFixture.addDelivery(webhook, contractFixture.addRun());
    DeliveryId toOther = contractFixture.addDelivery(otherWebhook, run);

    assertThat(completionResult.unblockedLanes()).isEmpty();
    assertThat(dispatchSteps.claimIds()).containsExactlyInAnyOrder(otherRun, toOther);
  }

  @Test
  default void a_retry_comes_before_what_follows_in_its_lane() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId first = contractFixture.addDelivery(webhook, run);
    DeliveryId second = contractFixture.addDelivery(webhook, run);

    dispatchSteps.retry(dispatchSteps.claim().getFirst(), Duration.ZERO);

    assertThat(deliverOneByOne(contractFixture)).containsExactly(first, second);
  }

  @Test
  default void a_lane_that_ran_empty_begins_again() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    dispatchSteps.deliverAllDue();

    DeliveryId next = contractFixture.addDelivery(webhook, run);

    assertThat(dispatchSteps.claimIds()).containsExactly(next);
  }

  @Test
  default void pings_have_no_lane() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();

    List<NewDelivery> pings =
        contractFixture.inTransaction(unit -> {
          List<NewDelivery> both =
              List.of(
                  contractFixture.newPing(unit, webhook), contractFixture.newPing(unit, webhook));
          unit.deliveries().add(both, Duration.ZERO);
          return both;
        });

    List<LeasedDelivery> claimed = DispatchSteps.on(contractFixture).claim();
    assertThat(DispatchSteps.ids(claimed))
        .containsExactlyInAnyOrder(pings.get(0).id(), pings.get(1).id());
    assertThat(claimed).allMatch(leasedDelivery -> leasedDelivery.content().kind() == Kind.PING);
    assertThat(DispatchSteps.on(contractFixture).deliver(claimed.getFirst()).unblockedLanes())
        .isEmpty();
  }

  @Test
  default void a_redelivery_waits_for_what_is_under_way_in_its_lane() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    LeasedDelivery old = dispatchSteps.claim().getFirst();
    dispatchSteps.deliver(old);
    contractFixture.addDelivery(webhook, run);
    LeasedDelivery underWay = dispatchSteps.claim().getFirst();

    DeliveryId again = redeliver(contractFixture, old);
    List<DeliveryId> meanwhile = dispatchSteps.claimIds();
    dispatchSteps.deliver(underWay);

    assertThat(meanwhile).isEmpty();
    assertThat(dispatchSteps.claimIds()).containsExactly(again);
    assertThat(dispatchSteps.details(again).delivery().redeliveryOf())
        .contains(old.lease().delivery());
  }

  @Test
  default void the_next_of_a_lane_may_be_taken_with_the_settling_of_the_one_before() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    DeliveryId second = contractFixture.addDelivery(webhook, run);

    List<LeasedDelivery> taken =
        dispatchSteps.deliverAndLeaseNext(dispatchSteps.claim().getFirst());

    assertThat(taken).extracting(LeasedDelivery::lease).containsExactly(new Lease(second, 1, 0));
    assertThat(taken.getFirst().webhook()).isEqualTo(webhook);
    assertThat(dispatchSteps.claim()).isEmpty();
    assertThat(dispatchSteps.deliverAndLeaseNext(taken.getFirst())).isEmpty();
  }

  @Test
  default void the_next_of_a_lane_is_not_taken_for_a_webhook_that_is_not_active() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    DeliveryId second = contractFixture.addDelivery(webhook, run);
    LeasedDelivery head = dispatchSteps.claim().getFirst();
    contractFixture.saveHealth(
        webhook,
        new Health.Paused(
            contractFixture.now(),
            9,
            contractFixture.now().plus(DispatchSteps.AN_HOUR),
            "a timeout"));

    List<LeasedDelivery> taken = dispatchSteps.deliverAndLeaseNext(head);
    List<DeliveryId> whilePaused = dispatchSteps.claimIds();
    contractFixture.saveHealth(webhook, Health.healthy());

    assertThat(taken).isEmpty();
    assertThat(whilePaused).isEmpty();
    assertThat(dispatchSteps.claimIds()).containsExactly(second);
  }

  private static List<DeliveryId> deliverOneByOne(ContractFixture contractFixture) {
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    List<DeliveryId> order = new ArrayList<>();
    for (List<LeasedDelivery> due = dispatchSteps.claim();
        !due.isEmpty();
        due = dispatchSteps.claim()) {
      assertThat(due).hasSize(1);
      order.add(due.getFirst().lease().delivery());
      dispatchSteps.deliver(due.getFirst());
    }
    return order;
  }

  private static DeliveryId redeliver(ContractFixture contractFixture, LeasedDelivery old) {
    DeliveryContent deliveryContent =
        new DeliveryContent(
            old.content().event(),
            old.content().kind(),
            old.content().transition(),
            old.content().payload(),
            Optional.of(old.lease().delivery()),
            old.content().trace());
    return contractFixture.inTransaction(unit -> {
      DeliveryId id = contractFixture.newDeliveryId(unit);
      unit.runs()
          .findForUpdate(
              List.of(
                  new RunId(
                      contractFixture.stackId(),
                      deliveryContent.transition().orElseThrow().run())));
      unit.deliveries()
          .add(List.of(new NewDelivery(id, old.webhook(), deliveryContent, false)), Duration.ZERO);
      return id;
    });
  }
}
