package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.CompletionResult;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Health;
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

/// Requirements for the order within a lane: one delivery at a time, by version.
@Contract
public interface LanesContract {
  Transactor transactor();

  @Test
  default void only_the_head_of_a_lane_is_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId head = fixture.addDelivery(webhook, run);
    fixture.addDelivery(webhook, run);

    List<DeliveryId> first = steps.claimIds();
    List<DeliveryId> second = steps.claimIds();

    assertThat(first).containsExactly(head);
    assertThat(second).isEmpty();
  }

  @Test
  default void deliveries_added_in_one_batch_are_sent_in_version_order() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();

    List<NewDelivery> batch =
        fixture.inTransaction(unit -> {
          NewDelivery first = fixture.recordTransition(unit, webhook, run);
          NewDelivery second = fixture.recordTransition(unit, webhook, run);
          NewDelivery third = fixture.recordTransition(unit, webhook, run);
          unit.append(JournalEntries.ofDeliveries(List.of(third, first, second)), Duration.ZERO);
          return List.of(first, second, third);
        });

    assertThat(deliverOneByOne(fixture)).isEqualTo(batch.stream().map(NewDelivery::id).toList());
  }

  @Test
  default void deliveries_added_one_by_one_are_sent_in_version_order() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    LeasedDelivery head = steps.claim().getFirst();
    DeliveryId second = fixture.addDelivery(webhook, run);
    DeliveryId third = fixture.addDelivery(webhook, run);

    steps.deliver(head);

    assertThat(head.lease().delivery()).isEqualTo(first);
    assertThat(deliverOneByOne(fixture)).containsExactly(second, third);
  }

  @Test
  default void a_failed_head_unblocks_its_lane() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);

    CompletionResult result = steps.exhaust(steps.claim().getFirst());

    assertThat(result.unblockedLanes())
        .extracting(lane -> lane.webhook())
        .containsExactly(webhook.id());
    assertThat(steps.claimIds()).containsExactly(second);
  }

  @Test
  default void a_retry_delays_only_its_own_lane() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    Webhook otherWebhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    CompletionResult result = steps.retry(steps.claim().getFirst(), DispatchSteps.AN_HOUR);

    fixture.addDelivery(webhook, run);
    DeliveryId otherRun = fixture.addDelivery(webhook, fixture.addRun());
    DeliveryId toOther = fixture.addDelivery(otherWebhook, run);

    assertThat(result.unblockedLanes()).isEmpty();
    assertThat(steps.claimIds()).containsExactlyInAnyOrder(otherRun, toOther);
  }

  @Test
  default void a_retry_comes_before_later_deliveries_of_its_lane() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);

    steps.retry(steps.claim().getFirst(), Duration.ZERO);

    assertThat(deliverOneByOne(fixture)).containsExactly(first, second);
  }

  @Test
  default void a_delivery_added_to_an_empty_lane_is_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    steps.deliverAllDue();

    DeliveryId next = fixture.addDelivery(webhook, run);

    assertThat(steps.claimIds()).containsExactly(next);
  }

  @Test
  default void pings_have_no_lane() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();

    List<NewDelivery> pings =
        fixture.inTransaction(unit -> {
          List<NewDelivery> both =
              List.of(fixture.newPing(unit, webhook), fixture.newPing(unit, webhook));
          unit.append(JournalEntries.ofDeliveries(both), Duration.ZERO);
          return both;
        });

    List<LeasedDelivery> claimed = DispatchSteps.on(fixture).claim();
    assertThat(DispatchSteps.ids(claimed))
        .containsExactlyInAnyOrder(pings.get(0).id(), pings.get(1).id());
    assertThat(claimed).allMatch(leased -> leased.content().kind() == Kind.PING);
    assertThat(DispatchSteps.on(fixture).deliver(claimed.getFirst()).unblockedLanes()).isEmpty();
  }

  @Test
  default void a_redelivery_waits_for_the_delivery_in_flight_in_its_lane() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    LeasedDelivery original = steps.claim().getFirst();
    steps.deliver(original);
    fixture.addDelivery(webhook, run);
    LeasedDelivery inFlight = steps.claim().getFirst();

    DeliveryId again = redeliver(fixture, original);
    List<DeliveryId> claimable = steps.claimIds();
    steps.deliver(inFlight);

    assertThat(claimable).isEmpty();
    assertThat(steps.claimIds()).containsExactly(again);
    assertThat(steps.details(again).delivery().redeliveryOf())
        .contains(original.lease().delivery());
  }

  @Test
  default void the_next_delivery_of_a_lane_can_be_leased_on_completion() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);

    List<LeasedDelivery> leased = steps.deliverAndLeaseNext(steps.claim().getFirst());

    assertThat(leased).extracting(LeasedDelivery::lease).containsExactly(new Lease(second, 1, 0));
    assertThat(leased.getFirst().webhook()).isEqualTo(webhook);
    assertThat(steps.claim()).isEmpty();
    assertThat(steps.deliverAndLeaseNext(leased.getFirst())).isEmpty();
  }

  @Test
  default void the_next_delivery_of_an_inactive_webhook_is_not_leased_on_completion() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    fixture.addDelivery(webhook, run);
    DeliveryId second = fixture.addDelivery(webhook, run);
    LeasedDelivery head = steps.claim().getFirst();
    fixture.saveHealth(
        webhook,
        new Health.Paused(
            fixture.now(), 9, fixture.now().plus(DispatchSteps.AN_HOUR), "a timeout"));

    List<LeasedDelivery> leased = steps.deliverAndLeaseNext(head);
    List<DeliveryId> whilePaused = steps.claimIds();
    fixture.saveHealth(webhook, Health.healthy());

    assertThat(leased).isEmpty();
    assertThat(whilePaused).isEmpty();
    assertThat(steps.claimIds()).containsExactly(second);
  }

  private static List<DeliveryId> deliverOneByOne(ContractFixture fixture) {
    DispatchSteps steps = DispatchSteps.on(fixture);
    List<DeliveryId> order = new ArrayList<>();
    for (List<LeasedDelivery> due = steps.claim(); !due.isEmpty(); due = steps.claim()) {
      assertThat(due).hasSize(1);
      order.add(due.getFirst().lease().delivery());
      steps.deliver(due.getFirst());
    }
    return order;
  }

  private static DeliveryId redeliver(ContractFixture fixture, LeasedDelivery original) {
    DeliveryContent content =
        new DeliveryContent(
            original.content().event(),
            original.content().kind(),
            original.content().transition(),
            original.content().payload(),
            Optional.of(original.lease().delivery()),
            original.content().trace());
    return fixture.inTransaction(unit -> {
      DeliveryId id = fixture.newDeliveryId(unit);
      unit.runs()
          .findForUpdate(
              List.of(new RunId(fixture.stackId(), content.transition().orElseThrow().run())));
      unit.append(
          JournalEntries.ofDeliveries(
              List.of(new NewDelivery(id, original.webhook(), content, false))),
          Duration.ZERO);
      return id;
    });
  }

  @Test
  default void a_canceled_head_makes_the_next_delivery_of_its_lane_due() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run, RunState.PLANNING);
    DeliveryId second = fixture.addDelivery(webhook, run, RunState.UNCONFIRMED);
    DeliveryId third = fixture.addDelivery(webhook, run, RunState.CONFIRMED);
    DeliveryFilter all =
        DeliveryFilter.of(
            new DeliveryScope.OfWebhook(webhook.stack(), webhook.id(), Optional.of(run.name())));

    List<DeliveryId> waiting = findWaiting(fixture, all);
    Set<DeliveryId> canceled = cancel(fixture, List.of(first, second));

    assertThat(waiting).containsExactly(third, second, first);
    assertThat(findWaiting(fixture, all.withState(RunState.CONFIRMED))).containsExactly(third);
    assertThat(findWaiting(fixture, all)).containsExactly(third);
    assertThat(steps.details(third).predecessor())
        .hasValueSatisfying(before -> assertThat(before.id()).isEqualTo(second));
    assertThat(canceled).containsExactlyInAnyOrder(first, second);
    StoredDelivery found = steps.details(first);
    assertThat(found.delivery().status()).isEqualTo(Delivery.Status.CANCELED);
    assertThat(found.cancellation())
        .hasValueSatisfying(
            it -> assertThat(it.by().orElseThrow() + it.reason()).isEqualTo("Adaunused"));
    assertThat(steps.claimIds()).containsExactly(third);
  }

  @Test
  default void a_delivery_in_flight_and_a_finished_one_are_not_canceled() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId id = fixture.addDelivery(webhook, run);
    LeasedDelivery leased = steps.claim().getFirst();

    Set<DeliveryId> inFlight = cancel(fixture, List.of(id));
    steps.deliver(leased);

    assertThat(inFlight).isEmpty();
    assertThat(cancel(fixture, List.of(id))).isEmpty();
    assertThat(steps.details(id).delivery().status()).isEqualTo(Delivery.Status.DELIVERED);
  }

  /// If heads were canceled first, the deliveries behind them could be sent in between.
  @Test
  default void what_waits_behind_a_head_is_found_before_the_heads() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId head = fixture.addDelivery(webhook, run, RunState.PLANNING);
    DeliveryId behind = fixture.addDelivery(webhook, run, RunState.UNCONFIRMED);
    DeliveryId newerHead = fixture.addDelivery(webhook, fixture.addRun());
    DeliveryFilter all =
        DeliveryFilter.of(
            new DeliveryScope.OfWebhook(webhook.stack(), webhook.id(), Optional.empty()));

    assertThat(findWaiting(fixture, all)).startsWith(behind).hasSize(3).contains(head, newerHead);
    assertThat(findWaiting(fixture, all.withTo(head.createdAt()))).isEmpty();
  }

  private static List<DeliveryId> findWaiting(ContractFixture fixture, DeliveryFilter filter) {
    return fixture.inTransaction(unit -> unit.deliveries().findWaiting(filter, 10));
  }

  private static Set<DeliveryId> cancel(ContractFixture fixture, List<DeliveryId> deliveries) {
    return fixture.inTransaction(unit -> unit.deliveries().cancel(deliveries, "Ada", "unused"));
  }
}
