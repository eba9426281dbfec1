package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for leases: an attempt starts with a lease and is completed, released, or lost when
/// the lease expires.
@Contract
public interface LeasesContract {
  Transactor transactor();

  @Test
  default void an_expired_lease_starts_a_new_attempt_and_records_the_old_one_as_interrupted() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(fixture.addWebhook(), fixture.addRun());

    LeasedDelivery expired = steps.claim(Duration.ZERO).getFirst();
    LeasedDelivery again = steps.claim().getFirst();

    List<Attempt> attempts = steps.details(expired.lease().delivery()).attempts();
    assertThat(again.lease()).isEqualTo(new Lease(expired.lease().delivery(), 2, 1));
    assertThat(attempts).hasSize(1);
    assertThat(attempts.getFirst().number()).isEqualTo(1);
    assertThat(attempts.getFirst().outcome()).isInstanceOf(Outcome.InternalFailure.class);
  }

  @Test
  default void a_lease_is_longer_than_the_timeout_of_its_webhook() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook slow = fixture.addWebhook(timeout(DeliverySettings.MAX_TIMEOUT));
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(slow, run);
    DeliveryId second = fixture.addDelivery(slow, run);

    List<LeasedDelivery> claimed = steps.claim(Duration.ZERO);
    List<LeasedDelivery> claimedAgain = steps.claim(Duration.ZERO);
    List<LeasedDelivery> promoted = steps.deliverAndLeaseNext(claimed.getFirst(), Duration.ZERO);
    List<LeasedDelivery> promotedAgain = steps.claim(Duration.ZERO);

    assertThat(DispatchSteps.ids(claimed)).containsExactly(first);
    assertThat(claimedAgain).isEmpty();
    assertThat(DispatchSteps.ids(promoted)).containsExactly(second);
    assertThat(promotedAgain).isEmpty();
  }

  private static DeliverySettings timeout(Duration timeout) {
    return new DeliverySettings(Optional.of(timeout), Optional.empty());
  }

  /// A redelivery can be added while another unit erases the payload.
  @Test
  default void a_delivery_whose_payload_is_gone_fails_without_an_attempt() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    transactor()
        .run(unit ->
            unit.append(
                JournalEntries.ofDeliveries(List.of(fixture.newPing(unit, webhook))),
                Duration.ZERO));
    List<LeasedDelivery> sent = steps.claim();
    sent.forEach(steps::deliver);
    transactor()
        .run(unit ->
            unit.events()
                .erasePayloads(
                    fixture.account(), new StackScope.All(), Optional.empty(), 100, false));
    List<DeliveryId> repeated =
        fixture.inTransaction(unit -> {
          unit.runs().findForUpdate(List.of(run));
          List<NewDelivery> deliveries =
              sent.stream().map(one -> repetition(fixture, unit, one)).toList();
          unit.append(JournalEntries.ofDeliveries(deliveries), Duration.ZERO);
          return deliveries.stream().map(NewDelivery::id).toList();
        });
    DeliveryId next = fixture.addDelivery(webhook, run);

    List<DeliveryId> first = steps.claimIds();
    List<DeliveryId> second = steps.claimIds();

    assertThat(first).isEmpty();
    assertThat(second).containsExactly(next);
    assertThat(repeated)
        .hasSize(2)
        .allSatisfy(id -> {
          assertThat(steps.details(id).delivery().status()).isEqualTo(Delivery.Status.FAILED);
          assertThat(steps.details(id).delivery().attemptCount()).isZero();
          assertThat(steps.details(id).attempts()).isEmpty();
        });
  }

  private static NewDelivery repetition(
      ContractFixture fixture, UnitOfWork unit, LeasedDelivery sent) {
    return new NewDelivery(
        fixture.newDeliveryId(unit),
        sent.webhook(),
        sent.content().forDelivery(Optional.empty(), Optional.of(sent.lease().delivery())),
        false);
  }

  @Test
  default void a_retry_has_the_next_attempt_number_and_one_more_failure() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());

    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    steps.retry(steps.claim().getFirst(), Duration.ZERO);

    assertThat(steps.claim())
        .extracting(LeasedDelivery::lease)
        .containsExactly(new Lease(id, 3, 2));
    assertThat(steps.details(id).attempts()).extracting(Attempt::number).containsExactly(1, 2);
  }

  @Test
  default void a_failed_probe_is_an_attempt_and_not_a_failure() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId id = fixture.addDelivery(webhook, fixture.addRun());
    steps.retry(steps.claim().getFirst(), DispatchSteps.AN_HOUR);
    fixture.saveHealth(webhook, new Health.Paused(fixture.now(), 10, fixture.now(), "a timeout"));

    steps.retry(steps.claim().getFirst(), Duration.ZERO);

    fixture.saveHealth(webhook, Health.healthy());
    assertThat(steps.claim())
        .extracting(LeasedDelivery::lease)
        .containsExactly(new Lease(id, 3, 1));
  }

  @Test
  default void a_retry_is_not_due_before_its_delay() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());

    LeasedDelivery leased = steps.claim().getFirst();
    CompletionResult result = steps.retry(leased, DispatchSteps.AN_HOUR);

    Delivery waiting = steps.details(id).delivery();
    assertThat(result.applied()).containsExactly(leased.lease());
    assertThat(steps.claim()).isEmpty();
    assertThat(waiting.status()).isEqualTo(Delivery.Status.PENDING);
    assertThat(waiting.nextAttemptAt().orElseThrow())
        .isBetween(
            fixture.now().plus(Duration.ofMinutes(59)),
            fixture.now().plus(DispatchSteps.AN_HOUR).plusMillis(1));
  }

  @Test
  default void a_completed_attempt_cannot_be_completed_again() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery leased = steps.claim().getFirst();
    steps.deliver(leased);
    StoredDelivery before = steps.details(id);

    CompletionResult again = steps.exhaust(leased);

    assertThat(again).isEqualTo(new CompletionResult(Set.of(), Set.of(), Set.of()));
    assertThat(steps.details(id)).isEqualTo(before);
  }

  @Test
  default void a_retried_attempt_cannot_be_completed_again() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery leased = steps.claim().getFirst();
    steps.retry(leased, DispatchSteps.AN_HOUR);
    StoredDelivery before = steps.details(id);

    CompletionResult again = steps.deliver(leased);

    assertThat(again.applied()).isEmpty();
    assertThat(steps.details(id)).isEqualTo(before);
  }

  @Test
  default void a_late_completion_of_an_older_attempt_changes_nothing() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery expired = steps.claim(Duration.ZERO).getFirst();
    LeasedDelivery current = steps.claim().getFirst();
    StoredDelivery before = steps.details(id);

    CompletionResult result = steps.deliver(expired);

    assertThat(result).isEqualTo(new CompletionResult(Set.of(), Set.of(), Set.of()));
    assertThat(steps.details(id)).isEqualTo(before);
    assertThat(steps.deliver(current).applied()).containsExactly(current.lease());
    assertThat(steps.details(id).attempts()).extracting(Attempt::number).containsExactly(1, 2);
  }

  @Test
  default void a_late_completion_does_not_affect_the_rest_of_its_batch() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery expired = steps.claim(Duration.ZERO).getFirst();
    steps.claim();
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    fixture.addDelivery(webhook, run);
    LeasedDelivery leased = steps.claim().getFirst();

    CompletionResult result =
        steps.complete(
            steps.completedAttempt(expired, Outcome.Responded.of(200), new Disposition.Delivered()),
            steps.completedAttempt(leased, Outcome.Responded.of(200), new Disposition.Delivered()));

    assertThat(result.applied()).containsExactly(leased.lease());
    assertThat(result.unblockedLanes()).hasSize(1);
  }

  @Test
  default void only_the_latest_of_two_attempts_in_a_batch_is_applied() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery expired = steps.claim(Duration.ZERO).getFirst();
    LeasedDelivery current = steps.claim().getFirst();

    CompletionResult result =
        steps.complete(
            steps.completedAttempt(expired, Outcome.Responded.of(500), new Disposition.Exhausted()),
            steps.completedAttempt(
                current, Outcome.Responded.of(200), new Disposition.Delivered()));

    assertThat(result.applied()).containsExactly(current.lease());
    assertThat(result.busy()).isEmpty();
    assertThat(steps.details(id).delivery().status()).isEqualTo(Delivery.Status.DELIVERED);
    assertThat(steps.details(id).attempts()).extracting(Attempt::number).containsExactly(1, 2);
  }

  @Test
  default void only_the_latest_of_two_attempts_in_a_batch_is_retried() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery expired = steps.claim(Duration.ZERO).getFirst();
    LeasedDelivery current = steps.claim().getFirst();
    Disposition retry = new Disposition.Retry(DispatchSteps.AN_HOUR);

    CompletionResult result =
        steps.complete(
            steps.completedAttempt(current, Outcome.Responded.of(500), retry),
            steps.completedAttempt(expired, Outcome.Responded.of(500), retry));

    assertThat(result.applied()).containsExactly(current.lease());
    assertThat(steps.claim()).isEmpty();
  }

  @Test
  default void completing_a_deleted_delivery_changes_nothing() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    fixture.addDelivery(webhook, fixture.addRun());
    LeasedDelivery leased = steps.claim().getFirst();
    fixture.inTransaction(unit -> unit.webhooks().delete(fixture.stackId(), webhook.id()));

    CompletionResult result = steps.deliver(leased);

    assertThat(result).isEqualTo(new CompletionResult(Set.of(), Set.of(), Set.of()));
  }

  @Test
  default void a_released_delivery_is_due_again_with_the_same_attempt_number() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    steps.retry(steps.claim().getFirst(), Duration.ZERO);
    LeasedDelivery unsent = steps.claim().getFirst();

    steps.release(unsent);

    LeasedDelivery again = steps.claim().getFirst();
    assertThat(again.lease()).isEqualTo(new Lease(id, 2, 1));
    assertThat(steps.details(id).attempts()).extracting(Attempt::number).containsExactly(1);
  }

  @Test
  default void a_late_release_changes_nothing() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery expired = steps.claim(Duration.ZERO).getFirst();
    LeasedDelivery current = steps.claim().getFirst();

    steps.release(expired);

    assertThat(steps.claim()).isEmpty();
    assertThat(steps.deliver(current).applied()).containsExactly(current.lease());
  }

  @Test
  default void a_released_delivery_cannot_be_completed() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    DeliveryId id = fixture.addDelivery(fixture.addWebhook(), fixture.addRun());
    LeasedDelivery unsent = steps.claim().getFirst();
    steps.release(unsent);

    CompletionResult result = steps.deliver(unsent);

    assertThat(result.applied()).isEmpty();
    assertThat(steps.claim())
        .extracting(LeasedDelivery::lease)
        .containsExactly(new Lease(id, 1, 0));
  }
}
