package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.LatestRedelivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import dev.runhook.testkit.contract.fixture.Redeliveries;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for the phases of deliveries, and for what a failed one was resent as. Lists agree
/// with the details.
@Contract
public interface DeliveryPhasesContract {
  Transactor transactor();

  @Test
  default void an_open_delivery_is_due_or_sent_or_waits_for_its_next_attempt() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run, RunState.PLANNING);
    fixture.addDelivery(webhook, run, RunState.UNCONFIRMED);

    List<DeliveryPhase> recorded = phases(fixture, webhook);
    var leased = steps.claim().getFirst();
    List<DeliveryPhase> claimed = phases(fixture, webhook);
    steps.retry(leased, Duration.ofHours(1));
    List<DeliveryPhase> failedOnce = phases(fixture, webhook);

    assertThat(recorded).containsExactly(DeliveryPhase.WAITING_FOR_LANE, DeliveryPhase.DUE);
    assertThat(claimed).containsExactly(DeliveryPhase.WAITING_FOR_LANE, DeliveryPhase.SENDING);
    assertThat(failedOnce).containsExactly(DeliveryPhase.WAITING_FOR_LANE, DeliveryPhase.RETRYING);
  }

  @Test
  default void a_delivery_that_is_not_sent_waits_for_its_paused_or_disabled_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run, RunState.PLANNING);
    fixture.addDelivery(webhook, run, RunState.UNCONFIRMED);

    fixture.saveHealth(webhook, new Health.Paused(fixture.now(), 10, fixture.now(), "a timeout"));
    List<DeliveryPhase> paused = phases(fixture, webhook);
    steps.claim();
    List<DeliveryPhase> probed = phases(fixture, webhook);
    fixture.saveHealth(webhook, new Health.Disabled(fixture.now(), Optional.of("Ada")));
    List<DeliveryPhase> disabled = phases(fixture, webhook);

    assertThat(paused).containsExactly(DeliveryPhase.PAUSED, DeliveryPhase.PAUSED);
    assertThat(probed).containsExactly(DeliveryPhase.PAUSED, DeliveryPhase.SENDING);
    assertThat(disabled).containsExactly(DeliveryPhase.DISABLED, DeliveryPhase.SENDING);
  }

  @Test
  default void a_finished_delivery_keeps_its_phase_whatever_happens_to_its_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();
    fixture.addDelivery(webhook, fixture.addRun());
    steps.exhaust(steps.claim().getFirst());

    fixture.saveHealth(webhook, new Health.Disabled(fixture.now(), Optional.empty()));
    List<DeliveryPhase> disabled = phases(fixture, webhook);

    assertThat(disabled).containsExactly(DeliveryPhase.FAILED, DeliveryPhase.DELIVERED);
  }

  @Test
  default void a_failed_delivery_names_its_newest_redelivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    RunId run = fixture.addRun();
    DeliveryId first = redeliveries.fail(run);
    DeliveryId other = redeliveries.fail(run);
    DeliveryId ping = redeliveries.failPing();
    DeliveryId second = redeliveries.redeliver(first);
    Optional<LatestRedelivery> whilePending = resentAs(fixture, first);
    steps.exhaust(steps.claim().getFirst());
    Optional<LatestRedelivery> failedAgain = resentAs(fixture, first);

    DeliveryId third = redeliveries.redeliver(second);
    DeliveryId pingAgain = redeliveries.redeliver(ping);
    steps.deliverAllDue();

    assertThat(whilePending).contains(new LatestRedelivery(second, Status.PENDING));
    assertThat(failedAgain).contains(new LatestRedelivery(second, Status.FAILED));
    LatestRedelivery delivered = new LatestRedelivery(third, Status.DELIVERED);
    assertThat(resentAs(fixture, first)).contains(delivered);
    assertThat(resentAs(fixture, second)).contains(delivered);
    assertThat(resentAs(fixture, third)).isEmpty();
    assertThat(resentAs(fixture, other)).isEmpty();
    assertThat(resentAs(fixture, ping)).contains(new LatestRedelivery(pingAgain, Status.DELIVERED));
  }

  @Test
  default void a_delivered_delivery_names_no_redelivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Redeliveries redeliveries = Redeliveries.on(fixture);
    DeliveryId first = fixture.addDelivery(redeliveries.webhook(), fixture.addRun());
    DispatchSteps.on(fixture).deliverAllDue();

    redeliveries.redeliver(first);

    assertThat(resentAs(fixture, first)).isEmpty();
  }

  private static List<DeliveryPhase> phases(ContractFixture fixture, Webhook webhook) {
    return list(fixture, DeliveryScope.of(webhook.stack(), webhook.id())).stream()
        .map(Delivery::phase)
        .toList();
  }

  private static Optional<LatestRedelivery> resentAs(ContractFixture fixture, DeliveryId id) {
    Delivery delivery = DispatchSteps.on(fixture).details(id).delivery();
    return list(fixture, DeliveryScope.of(delivery.stack(), delivery.webhook())).stream()
        .filter(listed -> listed.id().equals(id))
        .findFirst()
        .orElseThrow()
        .resentAs();
  }

  /// Lists the deliveries of a scope, the newest first, and compares them with their details.
  private static List<Delivery> list(ContractFixture fixture, DeliveryScope scope) {
    List<Delivery> listed =
        fixture
            .inTransaction(
                unit -> unit.deliveries().list(DeliveryFilter.of(scope), PageRequest.first()))
            .items();
    DispatchSteps steps = DispatchSteps.on(fixture);
    assertThat(listed)
        .allSatisfy(
            delivery -> assertThat(steps.details(delivery.id()).delivery()).isEqualTo(delivery));
    return listed;
  }
}
