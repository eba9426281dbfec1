package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.application.spi.CompletionResult;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Attempts: begun with a lease, settled once, or lost with it.
@Contract
public interface LeasesContract {
  Transactor transactor();

  @Test
  default void
      a_delivery_whose_lease_ended_comes_with_the_next_number_and_the_earlier_attempt_as_interrupted() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());

    LeasedDelivery lost = dispatchSteps.claim(Duration.ZERO).getFirst();
    LeasedDelivery again = dispatchSteps.claim().getFirst();

    List<Attempt> attempts = dispatchSteps.details(lost.lease().delivery()).attempts();
    assertThat(again.lease()).isEqualTo(new Lease(lost.lease().delivery(), 2, 1));
    assertThat(attempts).hasSize(1);
    assertThat(attempts.getFirst().number()).isEqualTo(1);
    assertThat(attempts.getFirst().outcome()).isInstanceOf(Outcome.InternalError.class);
  }

  @Test
  default void a_retried_delivery_comes_with_the_next_number_and_one_failure_more() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());

    dispatchSteps.retry(dispatchSteps.claim().getFirst(), Duration.ZERO);
    dispatchSteps.retry(dispatchSteps.claim().getFirst(), Duration.ZERO);

    assertThat(dispatchSteps.claim())
        .extracting(LeasedDelivery::lease)
        .containsExactly(new Lease(id, 3, 2));
    assertThat(dispatchSteps.details(id).attempts())
        .extracting(Attempt::number)
        .containsExactly(1, 2);
  }

  @Test
  default void a_retry_is_not_due_before_its_delay() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());

    CompletionResult completionResult =
        dispatchSteps.retry(dispatchSteps.claim().getFirst(), DispatchSteps.AN_HOUR);

    Delivery waiting = dispatchSteps.details(id).delivery();
    assertThat(completionResult.applied()).containsExactly(id);
    assertThat(dispatchSteps.claim()).isEmpty();
    assertThat(waiting.status()).isEqualTo(Delivery.Status.PENDING);
    assertThat(waiting.nextAttemptAt().orElseThrow())
        .isBetween(
            contractFixture.now().plus(Duration.ofMinutes(59)),
            contractFixture.now().plus(DispatchSteps.AN_HOUR).plusMillis(1));
  }

  @Test
  default void a_closed_attempt_cannot_be_closed_again() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    LeasedDelivery leasedDelivery = dispatchSteps.claim().getFirst();
    dispatchSteps.deliver(leasedDelivery);
    StoredDelivery before = dispatchSteps.details(id);

    CompletionResult again = dispatchSteps.exhaust(leasedDelivery);

    assertThat(again).isEqualTo(new CompletionResult(Set.of(), Set.of()));
    assertThat(dispatchSteps.details(id)).isEqualTo(before);
  }

  @Test
  default void a_retried_attempt_cannot_be_closed_again() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    LeasedDelivery leasedDelivery = dispatchSteps.claim().getFirst();
    dispatchSteps.retry(leasedDelivery, DispatchSteps.AN_HOUR);
    StoredDelivery before = dispatchSteps.details(id);

    CompletionResult again = dispatchSteps.deliver(leasedDelivery);

    assertThat(again.applied()).isEmpty();
    assertThat(dispatchSteps.details(id)).isEqualTo(before);
  }

  @Test
  default void a_late_settling_of_an_older_attempt_changes_nothing() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    LeasedDelivery late = dispatchSteps.claim(Duration.ZERO).getFirst();
    LeasedDelivery later = dispatchSteps.claim().getFirst();
    StoredDelivery before = dispatchSteps.details(id);

    CompletionResult tooLate = dispatchSteps.deliver(late);

    assertThat(tooLate).isEqualTo(new CompletionResult(Set.of(), Set.of()));
    assertThat(dispatchSteps.details(id)).isEqualTo(before);
    assertThat(dispatchSteps.deliver(later).applied()).containsExactly(id);
    assertThat(dispatchSteps.details(id).attempts())
        .extracting(Attempt::number)
        .containsExactly(1, 2);
  }

  @Test
  default void one_late_settlement_does_not_spoil_its_batch() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId late =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    LeasedDelivery lost = dispatchSteps.claim(Duration.ZERO).getFirst();
    dispatchSteps.claim();
    Webhook webhook = contractFixture.addWebhook();
    RunId run = contractFixture.addRun();
    DeliveryId punctual = contractFixture.addDelivery(webhook, run);
    contractFixture.addDelivery(webhook, run);
    LeasedDelivery held = dispatchSteps.claim().getFirst();
    List<CompletedAttempt> batch =
        List.of(
            dispatchSteps.completedAttempt(
                lost, Outcome.Responded.of(200), new Disposition.Delivered()),
            dispatchSteps.completedAttempt(
                held, Outcome.Responded.of(200), new Disposition.Delivered()));

    CompletionResult completionResult =
        contractFixture.inTransaction(unit -> {
          unit.deliveries().tryLockLanes(Set.of(late, punctual));
          return unit.deliveries().complete(batch);
        });

    assertThat(completionResult.applied()).containsExactly(punctual);
    assertThat(completionResult.unblockedLanes()).hasSize(1);
  }

  @Test
  default void what_was_deleted_meanwhile_is_settled_in_vain() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    Webhook webhook = contractFixture.addWebhook();
    contractFixture.addDelivery(webhook, contractFixture.addRun());
    LeasedDelivery leasedDelivery = dispatchSteps.claim().getFirst();
    contractFixture.inTransaction(
        unit -> unit.webhooks().delete(contractFixture.stackId(), webhook.id()));

    CompletionResult completionResult = dispatchSteps.deliver(leasedDelivery);

    assertThat(completionResult).isEqualTo(new CompletionResult(Set.of(), Set.of()));
  }

  @Test
  default void giving_back_makes_due_at_once_and_gives_the_attempt_number_back() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    dispatchSteps.retry(dispatchSteps.claim().getFirst(), Duration.ZERO);
    LeasedDelivery unsent = dispatchSteps.claim().getFirst();

    dispatchSteps.release(unsent);

    LeasedDelivery again = dispatchSteps.claim().getFirst();
    assertThat(again.lease()).isEqualTo(new Lease(id, 2, 1));
    assertThat(dispatchSteps.details(id).attempts()).extracting(Attempt::number).containsExactly(1);
  }

  @Test
  default void giving_back_too_late_changes_nothing() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    LeasedDelivery late = dispatchSteps.claim(Duration.ZERO).getFirst();
    LeasedDelivery later = dispatchSteps.claim().getFirst();

    dispatchSteps.release(late);

    assertThat(dispatchSteps.claim()).isEmpty();
    assertThat(dispatchSteps.deliver(later).applied()).containsExactly(id);
  }

  @Test
  default void what_was_given_back_cannot_be_settled() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    DispatchSteps dispatchSteps = DispatchSteps.on(contractFixture);
    DeliveryId id =
        contractFixture.addDelivery(contractFixture.addWebhook(), contractFixture.addRun());
    LeasedDelivery unsent = dispatchSteps.claim().getFirst();
    dispatchSteps.release(unsent);

    CompletionResult completionResult = dispatchSteps.deliver(unsent);

    assertThat(completionResult.applied()).isEmpty();
    assertThat(dispatchSteps.claim())
        .extracting(LeasedDelivery::lease)
        .containsExactly(new Lease(id, 1, 0));
  }
}
