package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for deliveries that are leased to the process that adds them. They behave like
/// claimed ones, however the store keeps them.
@Contract
public interface DirectLeasesContract {
  Transactor transactor();

  @Test
  default void a_direct_delivery_is_listed_as_pending_during_its_first_attempt() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();

    DeliveryId id = addDirect(fixture, webhook, run).lease().delivery();

    Delivery found = DispatchSteps.on(fixture).details(id).delivery();
    assertThat(found.status()).isEqualTo(Status.PENDING);
    assertThat(found.attemptCount()).isEqualTo(1);
    assertThat(found.nextAttemptAt()).isPresent();
    assertThat(list(fixture, webhook, Optional.empty())).containsExactly(id);
    assertThat(list(fixture, webhook, Optional.of(run.name()))).containsExactly(id);
    assertThat(list(fixture, webhook, Optional.of("another"))).isEmpty();
  }

  @Test
  default void a_delivered_attempt_is_stored_with_its_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    LeasedDelivery leased = addDirect(fixture, webhook, fixture.addRun());
    CompletedAttempt attempt =
        steps.completedAttempt(leased, Outcome.Responded.of(200), new Disposition.Delivered());

    CompletionResult result = steps.complete(attempt);

    DeliveryId id = leased.lease().delivery();
    assertThat(result.applied()).containsExactly(leased.lease());
    assertThat(steps.details(id).delivery().status()).isEqualTo(Status.DELIVERED);
    assertThat(steps.details(id).attempts()).containsExactly(attempt.attempt());
    assertThat(list(fixture, webhook, Optional.empty())).containsExactly(id);
    assertThat(steps.claim()).isEmpty();
  }

  @Test
  default void an_exhausted_first_attempt_fails_the_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    LeasedDelivery leased = addDirect(fixture, fixture.addWebhook(), fixture.addRun());

    steps.exhaust(leased);

    assertThat(steps.details(leased.lease().delivery()).delivery().status())
        .isEqualTo(Status.FAILED);
    assertThat(steps.details(leased.lease().delivery()).attempts()).hasSize(1);
  }

  @Test
  default void a_failed_first_attempt_is_retried() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    LeasedDelivery leased = addDirect(fixture, fixture.addWebhook(), fixture.addRun());

    DeliveryId id = leased.lease().delivery();
    CompletionResult result = steps.retry(leased, Duration.ZERO);
    LeasedDelivery again = steps.claim().getFirst();
    steps.deliver(again);

    assertThat(result.applied()).containsExactly(leased.lease());
    assertThat(again.lease()).isEqualTo(new Lease(id, 2, 1));
    assertThat(steps.details(id).attempts()).extracting(Attempt::number).containsExactly(1, 2);
  }

  @Test
  default void a_direct_delivery_cannot_be_completed_twice() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    LeasedDelivery leased = addDirect(fixture, fixture.addWebhook(), fixture.addRun());
    steps.deliver(leased);

    CompletionResult again = steps.exhaust(leased);

    assertThat(again).isEqualTo(new CompletionResult(Set.of(), Set.of(), Set.of()));
    assertThat(steps.details(leased.lease().delivery()).delivery().status())
        .isEqualTo(Status.DELIVERED);
  }

  @Test
  default void a_released_direct_delivery_is_due_with_the_same_attempt_number() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    LeasedDelivery leased = addDirect(fixture, fixture.addWebhook(), fixture.addRun());

    steps.release(leased);

    assertThat(steps.deliver(leased).applied()).isEmpty();
    assertThat(steps.claim())
        .extracting(LeasedDelivery::lease)
        .containsExactly(new Lease(leased.lease().delivery(), 1, 0));
  }

  @Test
  default void a_direct_delivery_whose_lease_expired_is_claimed_for_a_new_attempt() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    LeasedDelivery expired = addDirect(fixture, webhook, run, Duration.ZERO);

    LeasedDelivery again = steps.claim().getFirst();
    CompletionResult late = steps.deliver(expired);

    DeliveryId id = expired.lease().delivery();
    assertThat(again.lease()).isEqualTo(new Lease(id, 2, 1));
    assertThat(late.applied()).isEmpty();
    assertThat(steps.details(id).attempts()).hasSize(1);
    assertThat(steps.deliver(again).applied()).containsExactly(again.lease());
  }

  @Test
  default void a_later_transition_waits_for_the_direct_delivery_of_its_run() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    LeasedDelivery first = addDirect(fixture, webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);

    List<LeasedDelivery> before = steps.claim();
    Optional<Delivery> blockedBy = steps.details(second).blockedBy();
    CompletionResult result = steps.deliver(first);

    assertThat(before).isEmpty();
    assertThat(blockedBy.map(Delivery::id)).contains(first.lease().delivery());
    assertThat(result.applied()).containsExactly(first.lease());
    assertThat(steps.claimIds()).containsExactly(second);
  }

  @Test
  default void a_run_is_delivered_directly_again_after_its_deliveries_are_finished() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    List<DeliveryId> delivered = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      LeasedDelivery leased = addDirect(fixture, webhook, run);
      steps.deliver(leased).applied().forEach(lease -> delivered.add(lease.delivery()));
    }

    assertThat(delivered).hasSize(3);
    assertThat(steps.claim()).isEmpty();
  }

  @Test
  default void deliveries_that_were_added_together_are_completed_separately() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId one = fixture.addRun();
    RunId two = fixture.addRun();
    Webhook other = fixture.addWebhook();
    List<LeasedDelivery> leased =
        fixture.inTransaction(unit -> {
          List<NewDelivery> deliveries =
              List.of(
                  direct(fixture.recordTransition(unit, webhook, one)),
                  direct(fixture.recordTransition(unit, other, two)));
          return unit.append(JournalEntries.ofDeliveries(deliveries), DispatchSteps.AN_HOUR);
        });

    steps.deliver(leased.getFirst());
    steps.retry(leased.getLast(), Duration.ZERO);

    assertThat(steps.details(leased.getFirst().lease().delivery()).delivery().status())
        .isEqualTo(Status.DELIVERED);
    assertThat(steps.claimIds()).containsExactly(leased.getLast().lease().delivery());
  }

  @Test
  default void deleting_the_webhook_ends_a_direct_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    LeasedDelivery leased = addDirect(fixture, webhook, fixture.addRun());

    fixture.inTransaction(unit -> unit.webhooks().delete(fixture.stackId(), webhook.id()));

    assertThat(steps.deliver(leased).applied()).isEmpty();
    assertThat(steps.details(leased.lease().delivery()).delivery().status())
        .isEqualTo(Status.FAILED);
  }

  @Test
  default void deleting_the_stack_deletes_a_direct_delivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    LeasedDelivery leased = addDirect(fixture, fixture.addWebhook(), fixture.addRun());

    fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));

    assertThat(steps.deliver(leased).applied()).isEmpty();
    Optional<StoredDelivery> found =
        fixture.inTransaction(
            unit -> unit.deliveries().find(fixture.account(), leased.lease().delivery()));
    assertThat(found).isEmpty();
  }

  @Test
  default void the_payload_of_a_direct_delivery_is_retained() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId run = fixture.addRun();
    addDirect(fixture, fixture.addWebhook(), run);

    ErasureProgress progress =
        fixture.inTransaction(unit -> {
          unit.runs().findForUpdate(List.of(run));
          return unit.events().erasePayloads(run);
        });

    assertThat(progress.erased()).isZero();
    assertThat(progress.retained()).isEqualTo(1);
  }

  private static List<DeliveryId> list(
      ContractFixture fixture, Webhook webhook, Optional<String> run) {
    return fixture.inTransaction(unit ->
        unit
            .deliveries()
            .list(
                DeliveryFilter.of(
                    new DeliveryScope.OfWebhook(fixture.stackId(), webhook.id(), run)),
                PageRequest.first())
            .items()
            .stream()
            .map(Delivery::id)
            .toList());
  }

  private static LeasedDelivery addDirect(ContractFixture fixture, Webhook webhook, RunId run) {
    return addDirect(fixture, webhook, run, DispatchSteps.AN_HOUR);
  }

  private static LeasedDelivery addDirect(
      ContractFixture fixture, Webhook webhook, RunId run, Duration lease) {
    return fixture.inTransaction(unit -> {
      NewDelivery added = direct(fixture.recordTransition(unit, webhook, run));
      return fixture.addDeliveries(unit, List.of(added), lease).getFirst();
    });
  }

  private static NewDelivery direct(NewDelivery delivery) {
    return new NewDelivery(delivery.id(), delivery.webhook(), delivery.content(), true);
  }
}
