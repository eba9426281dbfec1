package dev.runhook.testkit.contract.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.Webhooks.LockedWebhooks;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for the deletion of stacks. A store may remove the rows later, but shows nothing of
/// them.
@Contract
public interface StackDeletionContract {
  Transactor transactor();

  @Test
  default void deleting_a_stack_deletes_everything_on_it() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId finished = fixture.addDelivery(webhook, run);
    DispatchSteps.on(fixture).deliverAllDue();
    DeliveryId open = fixture.addDelivery(webhook, run);

    boolean deleted = fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));
    boolean again = fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));

    assertThat(deleted).isTrue();
    assertThat(again).isFalse();
    transactor()
        .run(unit -> {
          assertThat(unit.stacks().find(fixture.stackId())).isEmpty();
          assertThat(unit.webhooks().find(fixture.stackId(), webhook.id())).isEmpty();
          assertThat(unit.runs().find(run)).isEmpty();
          assertThat(unit.runs().transitions(run, PageRequest.first()).items()).isEmpty();
          assertThat(unit.deliveries().find(fixture.account(), finished)).isEmpty();
          assertThat(unit.deliveries().find(fixture.account(), open)).isEmpty();
        });
    assertThat(DispatchSteps.on(fixture).claim()).isEmpty();
  }

  @Test
  default void deleting_a_stack_does_not_affect_others() {
    ContractFixture fixture = ContractFixture.on(transactor());
    ContractFixture other = ContractFixture.on(transactor());
    Webhook webhook = other.addWebhook();
    DeliveryId delivery = other.addDelivery(webhook, other.addRun());

    fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));

    boolean stays =
        other.inTransaction(unit -> unit.deliveries().find(other.account(), delivery).isPresent());
    assertThat(stays).isTrue();
  }

  @Test
  default void a_stack_recreated_with_a_deleted_slug_is_empty() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));
    Webhook sameEndpoint = fixture.unsavedWebhook(fixture.stackId(), webhook.settings().endpoint());

    boolean isNew = fixture.inTransaction(unit -> unit.stacks().save(fixture.stack()));
    boolean endpointFree = fixture.inTransaction(unit -> unit.webhooks().add(sameEndpoint));
    boolean runFree = fixture.inTransaction(unit -> unit.runs().add(Samples.run(run, unit.now())));

    assertThat(List.of(isNew, endpointFree, runFree)).containsExactly(true, true, true);
  }

  @Test
  default void a_run_of_a_new_stack_is_not_that_of_a_deleted_one() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId run = fixture.addRun();
    fixture.addDelivery(fixture.addWebhook(), run);

    fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));
    fixture.save(fixture.stack());
    fixture.inTransaction(unit -> unit.runs().add(Samples.run(run, unit.now())));

    long version =
        fixture.inTransaction(unit ->
            requireNonNull(unit.runs().tryFindForUpdate(Set.of(run)).locked().get(run))
                .progress()
                .version());
    assertThat(version).isEqualTo(1);
  }

  @Test
  default void an_attempt_in_flight_ends_without_effect_when_its_stack_is_deleted() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    fixture.addDelivery(webhook, fixture.addRun());
    fixture.addDelivery(webhook, fixture.addRun());
    List<LeasedDelivery> claimed = steps.claim();

    fixture.inTransaction(unit -> unit.stacks().delete(fixture.stackId()));

    LockedWebhooks affected =
        fixture.inTransaction(
            unit -> unit.webhooks().findForHealthUpdate(Set.of(webhook.id()), Set.of()));
    assertThat(affected).isEqualTo(new LockedWebhooks(List.of(), Set.of()));
    assertThat(steps.exhaust(claimed.getFirst()).applied()).isEmpty();
    assertThat(steps.retry(claimed.getLast(), Duration.ZERO).applied()).isEmpty();
    assertThat(steps.claim()).isEmpty();
  }
}
