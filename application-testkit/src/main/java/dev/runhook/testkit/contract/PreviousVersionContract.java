package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.RedeliveryCandidate;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a webhook was told of a run before.
@Contract
public interface PreviousVersionContract {
  Transactor transactor();

  @Test
  default void a_delivery_knows_the_version_that_its_webhook_was_told_before() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    Webhook choosy = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();

    DeliveryId first = contractFixture.addDelivery(webhook, run);
    DeliveryId second = contractFixture.addDelivery(webhook, run);
    dispatchSteps.deliverAllDue();
    DeliveryId others = contractFixture.addDelivery(choosy, run);
    DeliveryId third = contractFixture.addDelivery(webhook, run);

    assertThat(previous(dispatchSteps, first)).isEmpty();
    assertThat(previous(dispatchSteps, second)).contains(2L);
    assertThat(previous(dispatchSteps, others)).isEmpty();
    assertThat(previous(dispatchSteps, third)).contains(3L);
    assertThat(dispatchSteps.details(third).delivery().transition())
        .contains(new Delivery.TransitionRef(run.name(), RunState.PREPARING, 5, Optional.of(3L)));
  }

  @Test
  default void deliveries_that_are_added_together_know_of_each_other() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();

    List<DeliveryId> added =
        contractFixture.inTransaction(unit -> {
          NewDelivery first = contractFixture.recordTransition(unit, webhook, run);
          NewDelivery second = contractFixture.recordTransition(unit, webhook, run);
          contractFixture.addDeliveries(unit, List.of(second, first), Duration.ZERO);
          return List.of(first.id(), second.id());
        });

    assertThat(previous(dispatchSteps, added.getFirst())).isEmpty();
    assertThat(previous(dispatchSteps, added.getLast())).contains(2L);
    assertThat(
            dispatchSteps.claim().getFirst().content().transition().orElseThrow().previousVersion())
        .isEmpty();
  }

  @Test
  default void what_is_leased_when_added_or_claimed_knows_it_too() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    dispatchSteps.deliverAllDue();

    List<LeasedDelivery> leased =
        contractFixture.inTransaction(unit -> {
          NewDelivery moved = contractFixture.recordTransition(unit, webhook, run);
          NewDelivery asking = new NewDelivery(moved.id(), moved.webhook(), moved.content(), true);
          return contractFixture.addDeliveries(unit, List.of(asking), DispatchSteps.AN_HOUR);
        });
    dispatchSteps.release(leased.getFirst());
    List<LeasedDelivery> claimed = dispatchSteps.claim();

    assertThat(leased.getFirst().content().transition().orElseThrow().previousVersion())
        .contains(2L);
    assertThat(claimed).isEqualTo(leased);
  }

  @Test
  default void what_is_delivered_again_knows_what_it_knew_and_is_not_what_was_told_last() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    contractFixture.addDelivery(webhook, run);
    DeliveryId second = contractFixture.addDelivery(webhook, run);
    contractFixture.addDelivery(webhook, run);
    dispatchSteps.deliverAllDue();

    DeliveryId again =
        contractFixture.inTransaction(unit -> {
          Delivery old =
              unit.deliveries().find(contractFixture.account(), second).orElseThrow().delivery();
          DeliveryContent deliveryContent =
              unit.deliveries()
                  .findContents(List.of(new RedeliveryCandidate(second, old.event())))
                  .getFirst();
          unit.runs().findForUpdate(List.of(run));
          NewDelivery repeated =
              new NewDelivery(contractFixture.newDeliveryId(unit), webhook, deliveryContent, false);
          contractFixture.addDeliveries(unit, List.of(repeated), Duration.ZERO);
          return repeated.id();
        });
    DeliveryId next = contractFixture.addDelivery(webhook, run);

    assertThat(previous(dispatchSteps, again)).contains(2L);
    assertThat(previous(dispatchSteps, next)).contains(4L);
  }

  private static Optional<Long> previous(DispatchSteps dispatchSteps, DeliveryId id) {
    return dispatchSteps.details(id).delivery().transition().orElseThrow().previousVersion();
  }
}
