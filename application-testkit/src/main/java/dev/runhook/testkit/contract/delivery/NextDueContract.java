package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for the time until more can be claimed, and for what blocks a delivery. All tests
/// share a store, so deliveries that a test leaves open are due in about ten minutes or can be
/// claimed.
@Contract
public interface NextDueContract {
  Duration TEN_MINUTES = Duration.ofMinutes(10);

  Transactor transactor();

  @Test
  default void what_is_due_does_not_hide_what_becomes_due_later() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook webhook = fixture.addWebhook();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), TEN_MINUTES);
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(paused(fixture, fixture.now().minusSeconds(1)), fixture.addRun());

    Optional<Duration> wait = fixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(1), TEN_MINUTES);
  }

  @Test
  default void a_leased_delivery_is_not_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    steps.claim(TEN_MINUTES);

    Optional<Duration> wait = fixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElse(TEN_MINUTES)).isPositive();
  }

  @Test
  default void a_due_delivery_of_a_paused_webhook_waits_for_the_probe() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps.afterDrainingOthers(fixture);
    fixture.addDelivery(paused(fixture, fixture.now().plus(TEN_MINUTES)), fixture.addRun());

    Optional<Duration> wait = fixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(1), TEN_MINUTES);
  }

  @Test
  default void a_probe_does_not_wait_for_the_delay_of_a_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook webhook = fixture.addWebhook();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), TEN_MINUTES.multipliedBy(6));
    fixture.saveHealth(webhook, pausedUntil(fixture, fixture.now().plus(TEN_MINUTES)));

    Optional<Duration> wait = fixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(wait.orElseThrow()).isBetween(Duration.ofMinutes(1), TEN_MINUTES);
  }

  @Test
  default void a_delivery_can_be_made_the_next_probe() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook webhook = paused(fixture, fixture.now().plus(TEN_MINUTES));
    fixture.addDelivery(webhook, fixture.addRun());
    DeliveryId ping =
        fixture.inTransaction(unit -> {
          NewDelivery added = fixture.newPing(unit, webhook);
          unit.append(JournalEntries.ofDeliveries(List.of(added)), Duration.ZERO);
          return added.id();
        });
    List<DeliveryId> before = steps.claimIds();

    transactor()
        .run(unit -> {
          unit.webhooks().findForUpdate(fixture.stackId(), webhook.id());
          unit.deliveries().probeWith(ping);
        });

    assertThat(before).isEmpty();
    assertThat(steps.claimIds()).containsExactly(ping);
  }

  @Test
  default void no_delivery_of_a_webhook_is_due_while_its_probe_is_in_flight() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.afterDrainingOthers(fixture);
    Webhook webhook = paused(fixture, fixture.now().minusSeconds(1));
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, fixture.addRun());
    List<LeasedDelivery> probe = steps.claim(TEN_MINUTES);

    Optional<Duration> wait = fixture.inTransaction(unit -> unit.deliveries().timeUntilNextDue());

    assertThat(probe).hasSize(1);
    assertThat(wait.orElse(TEN_MINUTES)).isGreaterThan(Duration.ofMinutes(1));
  }

  @Test
  default void a_waiting_delivery_is_blocked_by_the_head_of_its_lane() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run, RunState.PREPARING);
    DeliveryId second = fixture.addDelivery(webhook, run, RunState.PLANNING);
    DeliveryId third = fixture.addDelivery(webhook, run, RunState.FINISHED);
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(fixture.addWebhook(), run);

    assertThat(steps.details(first).blockedBy()).isEmpty();
    for (DeliveryId waiting : List.of(second, third)) {
      Delivery head = steps.details(waiting).blockedBy().orElseThrow();
      assertThat(head).isEqualTo(steps.details(first).delivery());
    }
  }

  @Test
  default void the_blocking_delivery_has_its_current_state() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);
    DeliveryId third = fixture.addDelivery(webhook, run);

    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    Delivery retried = steps.details(third).blockedBy().orElseThrow();
    steps.deliver(steps.claim().getFirst());
    Delivery next = steps.details(third).blockedBy().orElseThrow();

    assertThat(retried.id()).isEqualTo(first);
    assertThat(retried.attemptCount()).isEqualTo(1);
    assertThat(next.id()).isEqualTo(second);
    assertThat(steps.details(second).blockedBy()).isEmpty();
  }

  @Test
  default void a_finished_delivery_and_a_ping_are_not_blocked() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId finished = fixture.addDelivery(webhook, run);
    steps.deliverAllDue();
    fixture.addDelivery(webhook, run);
    DeliveryId ping =
        fixture.inTransaction(unit -> {
          NewDelivery added = fixture.newPing(unit, webhook);
          unit.append(JournalEntries.ofDeliveries(List.of(added)), Duration.ZERO);
          return added.id();
        });

    assertThat(steps.details(finished).blockedBy()).isEmpty();
    assertThat(steps.details(ping).blockedBy()).isEmpty();
  }

  private static Webhook paused(ContractFixture fixture, Instant nextProbe) {
    return fixture.addWebhook(pausedUntil(fixture, nextProbe));
  }

  private static Health pausedUntil(ContractFixture fixture, Instant nextProbe) {
    return new Health.Paused(fixture.now(), 10, nextProbe, "a timeout");
  }
}
