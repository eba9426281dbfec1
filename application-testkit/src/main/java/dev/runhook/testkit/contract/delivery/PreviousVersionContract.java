package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for the previous version: the last version of the run that was sent to the webhook.
@Contract
public interface PreviousVersionContract {
  Transactor transactor();

  @Test
  default void a_delivery_has_the_previous_version_sent_to_its_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    Webhook late = fixture.addWebhook();
    RunId run = fixture.addRun();

    DeliveryId first = fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);
    steps.deliverAllDue();
    DeliveryId deliveryToLate = fixture.addDelivery(late, run);
    DeliveryId third = fixture.addDelivery(webhook, run);

    assertThat(previous(steps, first)).isEmpty();
    assertThat(previous(steps, second)).contains(2L);
    assertThat(previous(steps, deliveryToLate)).isEmpty();
    assertThat(previous(steps, third)).contains(3L);
    assertThat(steps.details(third).delivery().transition())
        .contains(new Delivery.TransitionRef(run.name(), RunState.PREPARING, 5, Optional.of(3L)));
  }

  @Test
  default void deliveries_added_together_refer_to_each_other() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();

    List<DeliveryId> added =
        fixture.inTransaction(unit -> {
          NewDelivery first = fixture.recordTransition(unit, webhook, run);
          NewDelivery second = fixture.recordTransition(unit, webhook, run);
          fixture.addDeliveries(unit, List.of(second, first), Duration.ZERO);
          return List.of(first.id(), second.id());
        });

    assertThat(previous(steps, added.getFirst())).isEmpty();
    assertThat(previous(steps, added.getLast())).contains(2L);
    assertThat(steps.claim().getFirst().content().transition().orElseThrow().previousVersion())
        .isEmpty();
  }

  @Test
  default void leased_and_claimed_deliveries_have_the_previous_version() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    steps.deliverAllDue();

    List<LeasedDelivery> leased =
        fixture.inTransaction(unit -> {
          NewDelivery added = fixture.recordTransition(unit, webhook, run);
          NewDelivery leasing = new NewDelivery(added.id(), added.webhook(), added.content(), true);
          return fixture.addDeliveries(unit, List.of(leasing), DispatchSteps.AN_HOUR);
        });
    steps.release(leased.getFirst());
    List<LeasedDelivery> claimed = steps.claim();

    assertThat(leased.getFirst().content().transition().orElseThrow().previousVersion())
        .contains(2L);
    assertThat(claimed)
        .extracting(LeasedDelivery::content)
        .containsExactly(leased.getFirst().content());
  }

  @Test
  default void
      a_redelivery_keeps_its_previous_version_and_does_not_change_that_of_later_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);
    fixture.addDelivery(webhook, run);
    steps.deliverAllDue();

    DeliveryId again =
        fixture.inTransaction(unit -> {
          Delivery old = unit.deliveries().find(fixture.account(), second).orElseThrow().delivery();
          DeliveryContent content =
              unit.deliveries()
                  .findContents(List.of(new RedeliveryCandidate(second, old.event())))
                  .getFirst();
          unit.runs().findForUpdate(List.of(run));
          NewDelivery repeated =
              new NewDelivery(fixture.newDeliveryId(unit), webhook, content, false);
          fixture.addDeliveries(unit, List.of(repeated), Duration.ZERO);
          return repeated.id();
        });
    DeliveryId next = fixture.addDelivery(webhook, run);

    assertThat(previous(steps, again)).contains(2L);
    assertThat(previous(steps, next)).contains(4L);
  }

  @Test
  default void the_predecessor_of_a_delivery_has_its_previous_version() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    fixture.addDelivery(webhook, run);
    DeliveryId third = fixture.addDelivery(webhook, run);

    steps.deliver(steps.claim().getFirst());
    steps.deliver(steps.claim().getFirst());

    assertThat(steps.details(third).predecessor().orElseThrow().transition())
        .isEqualTo(new Delivery.TransitionRef(run.name(), RunState.PREPARING, 3, Optional.of(2L)));
  }

  private static Optional<Long> previous(DispatchSteps steps, DeliveryId id) {
    return steps.details(id).delivery().transition().orElseThrow().previousVersion();
  }
}
