package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may take which delivery.
@Contract
public interface ClaimsContract {
  Transactor transactor();

  @Test
  default void a_parcel_holds_all_that_sending_needs() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    NewDelivery added =
        contractFixture.inTransaction(unit -> {
          NewDelivery delivery =
              contractFixture.recordTransition(unit, webhook, run, RunState.PLANNING);
          unit.deliveries().add(List.of(delivery), Duration.ZERO);
          return delivery;
        });

    List<LeasedDelivery> claimed = DispatchSteps.on(contractFixture).claim();

    assertThat(claimed)
        .containsExactly(new LeasedDelivery(new Lease(added.id(), 1, 0), webhook, added.content()));
    assertThat(claimed.getFirst().content().transition())
        .contains(new Delivery.TransitionRef(run.name(), RunState.PLANNING, 2));
  }

  @Test
  default void a_claimed_delivery_is_not_due_until_its_lease_ends() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());

    List<LeasedDelivery> first = dispatchSteps.claim(DispatchSteps.AN_HOUR);
    List<LeasedDelivery> second = dispatchSteps.claim(DispatchSteps.AN_HOUR);

    assertThat(first).hasSize(1);
    assertThat(second).isEmpty();
  }

  @Test
  default void what_is_added_leased_is_the_callers_alone() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();

    NewDelivery added = addLeased(contractFixture, webhook, run);

    List<LeasedDelivery> others = dispatchSteps.claim();
    boolean applied =
        dispatchSteps.deliver(added.toLeasedDelivery()).applied().contains(added.id());
    assertThat(others).isEmpty();
    assertThat(applied).isTrue();
    assertThat(dispatchSteps.details(added.id()).delivery().status())
        .isEqualTo(Delivery.Status.DELIVERED);
  }

  @Test
  default void only_heads_that_asked_are_leased_when_added() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    Webhook asking = contractFixture.addWebhook();
    Webhook waiting = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();

    contractFixture.inTransaction(unit -> {
      NewDelivery head = leased(contractFixture.recordTransition(unit, asking, run));
      NewDelivery blocked = leased(contractFixture.recordTransition(unit, asking, run));
      NewDelivery ping = leased(contractFixture.newPing(unit, asking));
      NewDelivery unasked = contractFixture.recordTransition(unit, waiting, run);
      List<LeasedDelivery> leased =
          unit.deliveries().add(List.of(head, blocked, ping, unasked), DispatchSteps.AN_HOUR);
      assertThat(leased)
          .containsExactlyInAnyOrder(head.toLeasedDelivery(), ping.toLeasedDelivery());
      return leased;
    });

    assertThat(DispatchSteps.on(contractFixture).claim())
        .extracting(LeasedDelivery::webhook)
        .containsExactly(waiting);
  }

  @Test
  default void what_comes_behind_an_open_delivery_is_not_leased_when_added() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    NewDelivery head = addLeased(contractFixture, webhook, run);

    List<LeasedDelivery> leased =
        contractFixture.inTransaction(unit ->
            unit.deliveries()
                .add(
                    List.of(leased(contractFixture.recordTransition(unit, webhook, run))),
                    DispatchSteps.AN_HOUR));
    dispatchSteps.deliver(head.toLeasedDelivery());

    assertThat(leased).isEmpty();
    assertThat(dispatchSteps.claim())
        .extracting(LeasedDelivery::lease)
        .extracting(Lease::attempt)
        .containsExactly(1);
  }

  @Test
  default void deliveries_of_a_paused_webhook_wait() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook =
        contractFixture.addWebhook(
            new Health.Paused(
                contractFixture.now(),
                10,
                contractFixture.now().plus(DispatchSteps.AN_HOUR),
                "a timeout"));
    DeliveryId delivery = contractFixture.addDelivery(webhook, contractFixture.addRun());

    List<DeliveryId> whilePaused = dispatchSteps.claimIds();
    contractFixture.saveHealth(webhook, Health.healthy());

    assertThat(whilePaused).isEmpty();
    assertThat(dispatchSteps.claimIds()).containsExactly(delivery);
  }

  @Test
  default void a_paused_webhook_with_a_probe_due_gets_one_delivery() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook =
        contractFixture.addWebhook(
            new Health.Paused(
                contractFixture.now(), 10, contractFixture.now().minusSeconds(1), "a timeout"));
    DeliveryId first = contractFixture.addDelivery(webhook, contractFixture.addRun());
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    contractFixture.addDelivery(webhook, contractFixture.addRun());

    List<DeliveryId> probe = dispatchSteps.claimIds();
    List<DeliveryId> whileProbed = dispatchSteps.claimIds();

    assertThat(probe).containsExactly(first);
    assertThat(whileProbed).isEmpty();
  }

  @Test
  default void deliveries_of_a_disabled_webhook_wait() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    DeliveryId delivery = contractFixture.addDelivery(webhook, contractFixture.addRun());

    contractFixture.saveHealth(
        webhook, new Health.Disabled(contractFixture.now(), "disabled by Ada"));
    List<DeliveryId> whileDisabled = dispatchSteps.claimIds();
    contractFixture.saveHealth(webhook, Health.healthy());

    assertThat(whileDisabled).isEmpty();
    assertThat(dispatchSteps.claimIds()).containsExactly(delivery);
  }

  private static NewDelivery addLeased(
      ContractFixture contractFixture, Webhook webhook, RunId run) {
    return contractFixture.inTransaction(unit -> {
      NewDelivery delivery = leased(contractFixture.recordTransition(unit, webhook, run));
      assertThat(unit.deliveries().add(List.of(delivery), DispatchSteps.AN_HOUR))
          .containsExactly(delivery.toLeasedDelivery());
      return delivery;
    });
  }

  private static NewDelivery leased(NewDelivery delivery) {
    return new NewDelivery(delivery.id(), delivery.webhook(), delivery.content(), true);
  }
}
