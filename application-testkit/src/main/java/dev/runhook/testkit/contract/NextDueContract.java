package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What an open delivery waits for, and for how long. All tests share a store: what one leaves open
/// is due in no less than about ten minutes, or can be claimed.
@Contract
public interface NextDueContract {
  Duration TEN_MINUTES = Duration.ofMinutes(10);

  Transactor transactor();

  @Test
  default void something_due_is_due_in_no_time() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());

    Optional<Duration> wait =
        contractFixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElseThrow()).isLessThanOrEqualTo(Duration.ZERO);
  }

  @Test
  default void something_leased_is_due_when_its_lease_ends() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.afterDrainingOthers(contractFixture);
    contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    dispatchSteps.claim(TEN_MINUTES);

    Optional<Duration> wait =
        contractFixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void what_a_paused_webhook_has_due_waits_for_its_probe() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps.afterDrainingOthers(contractFixture);
    contractFixture.addDelivery(
        paused(contractFixture, contractFixture.now().plus(TEN_MINUTES)), contractFixture.addRun());

    Optional<Duration> wait =
        contractFixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void a_probe_waits_until_something_is_due() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.afterDrainingOthers(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    dispatchSteps.retry(dispatchSteps.claim().getFirst(), TEN_MINUTES);
    contractFixture.saveHealth(
        webhook, pausedUntil(contractFixture, contractFixture.now().plusSeconds(30)));

    Optional<Duration> wait =
        contractFixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void a_probe_that_can_be_made_is_due_in_no_time() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps.afterDrainingOthers(contractFixture);
    contractFixture.addDelivery(
        paused(contractFixture, contractFixture.now().minusSeconds(1)), contractFixture.addRun());

    Optional<Duration> wait =
        contractFixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait).contains(Duration.ZERO);
  }

  @Test
  default void while_a_probe_is_under_way_nothing_else_of_its_webhook_is_due() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.afterDrainingOthers(contractFixture);
    Webhook webhook = paused(contractFixture, contractFixture.now().minusSeconds(1));
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    List<LeasedDelivery> probe = dispatchSteps.claim(TEN_MINUTES);

    Optional<Duration> wait =
        contractFixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(probe).hasSize(1);
    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(5), TEN_MINUTES);
  }

  @Test
  default void what_waits_in_a_lane_tells_the_head_and_the_head_tells_none() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId first = contractFixture.addDelivery(webhook, run, RunState.PREPARING);
    DeliveryId second = contractFixture.addDelivery(webhook, run, RunState.PLANNING);
    DeliveryId third = contractFixture.addDelivery(webhook, run, RunState.FINISHED);
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    contractFixture.addDelivery(contractFixture.addWebhook(), run);

    assertThat(dispatchSteps.details(first).blockedBy()).isEmpty();
    for (DeliveryId waiting : List.of(second, third)) {
      Delivery head = dispatchSteps.details(waiting).blockedBy().orElseThrow();
      assertThat(head).isEqualTo(dispatchSteps.details(first).delivery());
    }
  }

  @Test
  default void the_head_that_is_told_is_as_it_stands_now() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId first = contractFixture.addDelivery(webhook, run);
    DeliveryId second = contractFixture.addDelivery(webhook, run);
    DeliveryId third = contractFixture.addDelivery(webhook, run);

    dispatchSteps.retry(dispatchSteps.claim().getFirst(), Duration.ZERO);
    Delivery retried = dispatchSteps.details(third).blockedBy().orElseThrow();
    dispatchSteps.deliver(dispatchSteps.claim().getFirst());
    Delivery next = dispatchSteps.details(third).blockedBy().orElseThrow();

    assertThat(retried.id()).isEqualTo(first);
    assertThat(retried.attemptCount()).isEqualTo(1);
    assertThat(next.id()).isEqualTo(second);
    assertThat(dispatchSteps.details(second).blockedBy()).isEmpty();
  }

  @Test
  default void what_is_finished_or_has_no_lane_waits_for_none() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId finished = contractFixture.addDelivery(webhook, run);
    dispatchSteps.deliverAllDue();
    contractFixture.addDelivery(webhook, run);
    DeliveryId ping =
        contractFixture.inTransaction(unit -> {
          NewDelivery added = contractFixture.newPing(unit, webhook);
          unit.deliveries().add(List.of(added), Duration.ZERO);
          return added.id();
        });

    assertThat(dispatchSteps.details(finished).blockedBy()).isEmpty();
    assertThat(dispatchSteps.details(ping).blockedBy()).isEmpty();
  }

  private static Webhook paused(ContractFixture contractFixture, Instant nextProbe) {
    return contractFixture.addWebhook(pausedUntil(contractFixture, nextProbe));
  }

  private static Health pausedUntil(ContractFixture contractFixture, Instant nextProbe) {
    return new Health.Paused(contractFixture.now(), 10, nextProbe, "a timeout");
  }
}
