package dev.runhook.testkit.contract.delivery;

import static dev.runhook.testkit.contract.fixture.Redeliveries.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import dev.runhook.testkit.contract.fixture.Redeliveries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Requirements for redeliveries.
@Contract
public interface RedeliveryContract {
  Transactor transactor();

  @Test
  default void the_finished_deliveries_of_a_run_are_found_in_the_order_of_their_versions() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    RunId run = fixture.addRun();
    DeliveryId first = redeliveries.fail(run, RunState.PLANNING);
    DeliveryId second = redeliveries.fail(run, RunState.FAILED);
    DeliveryId delivered = fixture.addDelivery(webhook, run);
    steps.deliverAllDue();
    DeliveryId elsewhere = fixture.addDelivery(fixture.addWebhook(), run);
    steps.exhaust(steps.claim().getFirst());
    fixture.addDelivery(webhook, run);

    assertThat(ids(redeliveries.finished(redeliveries.failed())))
        .containsExactly(first, second)
        .doesNotContain(elsewhere);
    assertThat(ids(redeliveries.finished(redeliveries.failed(), 1))).hasSize(1);
    assertThat(ids(redeliveries.finished(redeliveries.all().withStatus(Status.DELIVERED))))
        .containsExactly(delivered);
    assertThat(ids(redeliveries.finished(redeliveries.all())))
        .containsExactly(first, second, delivered);
  }

  @Test
  default void a_time_range_excludes_earlier_and_later_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Redeliveries redeliveries = Redeliveries.on(fixture);
    DeliveryId id = redeliveries.fail(fixture.addRun());
    Instant created = id.createdAt();

    assertThat(ids(redeliveries.finished(redeliveries.failed().withFrom(created))))
        .containsExactly(id);
    assertThat(redeliveries.finished(redeliveries.failed().withFrom(created.plusMillis(1))))
        .isEmpty();
    assertThat(redeliveries.finished(redeliveries.failed().withTo(created))).isEmpty();
  }

  @Test
  default void a_filter_by_run_or_state_excludes_other_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    RunId run = fixture.addRun();
    DeliveryId planning = redeliveries.fail(run, RunState.PLANNING);
    DeliveryId failed = redeliveries.fail(run, RunState.FAILED);
    DeliveryId elsewhere = redeliveries.fail(fixture.addRun(), RunState.PLANNING);
    DeliveryFilter ofRun =
        DeliveryFilter.of(
                new DeliveryScope.OfWebhook(webhook.stack(), webhook.id(), Optional.of(run.name())))
            .withStatus(Status.FAILED);

    assertThat(ids(redeliveries.finished(ofRun))).containsExactly(planning, failed);
    assertThat(ids(redeliveries.finished(ofRun, 1))).containsExactly(planning);
    assertThat(redeliveries.finished(ofRun.withTo(planning.createdAt()))).isEmpty();
    assertThat(ids(redeliveries.finished(ofRun.withState(RunState.FAILED))))
        .containsExactly(failed);
    assertThat(ids(redeliveries.finished(redeliveries.failed().withState(RunState.PLANNING))))
        .containsExactlyInAnyOrder(planning, elsewhere);
  }

  @Test
  default void the_clocks_of_nodes_do_not_change_the_order_of_finished_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    RunId run = fixture.addRun();
    EventId ofSlowClock = fixture.newEventId();
    DeliveryId first = redeliveries.fail(run);
    DeliveryId second =
        fixture.inTransaction(unit -> {
          NewDelivery delivery =
              fixture.recordTransition(unit, webhook, run, RunState.READY, ofSlowClock);
          fixture.addDeliveries(unit, List.of(delivery), Duration.ZERO);
          return delivery.id();
        });
    steps.exhaust(steps.claim().getFirst());
    DeliveryScope ofRun =
        new DeliveryScope.OfWebhook(webhook.stack(), webhook.id(), Optional.of(run.name()));

    assertThat(ids(redeliveries.finished(redeliveries.failed()))).containsExactly(first, second);
    assertThat(ids(redeliveries.finished(DeliveryFilter.of(ofRun)))).containsExactly(first, second);
  }

  @Test
  default void the_redelivery_of_a_node_with_a_slow_clock_makes_up_for_a_failure() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    DeliveryId ofRunSlow = fixture.inTransaction(fixture::newDeliveryId);
    DeliveryId ofPingSlow = fixture.inTransaction(fixture::newDeliveryId);
    DeliveryId ofRun = redeliveries.fail(fixture.addRun());
    DeliveryId ping = redeliveries.failPing();
    List<RedeliveryCandidate> before = redeliveries.finished(redeliveries.failed());

    redeliveries.redeliver(ofRun, ofRunSlow);
    redeliveries.redeliver(ping, ofPingSlow);
    steps.deliverAllDue();

    assertThat(ids(before)).containsExactlyInAnyOrder(ofRun, ping);
    assertThat(redeliveries.finished(redeliveries.failed())).isEmpty();
    assertThat(redeliveries.finished(redeliveries.failed().withFrom(ofRun.createdAt()))).isEmpty();
    assertThat(redeliveries.unneeded(before)).hasSize(2);
    assertThat(ids(redeliveries.finished(redeliveries.all())))
        .containsExactlyInAnyOrder(ofRunSlow, ofPingSlow);
  }

  @Test
  default void only_the_latest_delivery_of_an_event_is_found() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    DeliveryId first = redeliveries.fail(fixture.addRun());
    DeliveryId again = redeliveries.redeliver(first);
    steps.exhaust(steps.claim().getFirst());

    List<RedeliveryCandidate> matched = redeliveries.finished(redeliveries.failed());

    assertThat(ids(matched)).containsExactly(again);
  }

  @Test
  default void a_redelivery_has_the_same_content_and_names_the_original() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    DeliveryId id = fixture.addDelivery(webhook, fixture.addRun());
    DeliveryContent content = steps.claim().getFirst().content();
    RedeliveryCandidate candidate = new RedeliveryCandidate(id, content.event());
    RedeliveryCandidate unknown = new RedeliveryCandidate(id, fixture.newEventId());

    List<DeliveryContent> contents =
        fixture.inTransaction(unit -> unit.deliveries().findContents(List.of(unknown, candidate)));

    assertThat(contents)
        .containsExactly(
            new DeliveryContent(
                content.event(),
                content.kind(),
                content.transition(),
                content.payload(),
                Optional.of(id),
                content.trace()));
  }

  @Test
  default void a_failure_that_was_made_up_for_does_not_match() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    DeliveryId first = redeliveries.fail(fixture.addRun());
    DeliveryId ping = redeliveries.failPing();
    Instant end = ping.createdAt().plusMillis(1);
    List<RedeliveryCandidate> before = redeliveries.finished(redeliveries.failed().withTo(end));

    redeliveries.redeliver(first);
    redeliveries.redeliver(ping);
    steps.deliverAllDue();

    assertThat(ids(before)).containsExactlyInAnyOrder(first, ping);
    assertThat(redeliveries.finished(redeliveries.failed().withTo(end))).isEmpty();
    assertThat(redeliveries.unneeded(before))
        .containsExactlyInAnyOrderElementsOf(
            before.stream().map(RedeliveryCandidate::event).toList());
  }

  @Test
  default void a_success_after_which_a_redelivery_failed_counts_as_failed() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    DeliveryId first = fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();

    DeliveryId again = redeliveries.redeliver(first);
    steps.exhaust(steps.claim().getFirst());

    List<RedeliveryCandidate> failed = redeliveries.finished(redeliveries.failed());
    assertThat(ids(failed)).containsExactly(again);
    assertThat(redeliveries.finished(redeliveries.all().withStatus(Status.DELIVERED))).isEmpty();
    assertThat(redeliveries.unneeded(failed)).isEmpty();
  }

  @Test
  default void events_with_an_open_delivery_need_no_redelivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    DeliveryId changed = fixture.addDelivery(webhook, fixture.addRun());
    EventId event = steps.claim().getFirst().content().event();
    NewDelivery ping = redeliveries.addPing();
    List<RedeliveryCandidate> candidates =
        List.of(
            new RedeliveryCandidate(changed, event),
            new RedeliveryCandidate(ping.id(), ping.content().event()),
            new RedeliveryCandidate(changed, fixture.newEventId()));

    assertThat(redeliveries.unneeded(candidates))
        .containsExactlyInAnyOrder(event, ping.content().event());
    assertThat(redeliveries.unneeded(fixture.newWebhookId(), candidates)).isEmpty();
  }

  @Test
  default void an_event_is_not_redelivered_while_its_direct_delivery_is_open() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    RunId run = fixture.addRun();
    LeasedDelivery leased =
        fixture.inTransaction(unit -> {
          NewDelivery added = fixture.recordTransition(unit, webhook, run);
          NewDelivery direct = new NewDelivery(added.id(), webhook, added.content(), true);
          return fixture.addDeliveries(unit, List.of(direct), DispatchSteps.AN_HOUR).getFirst();
        });
    RedeliveryCandidate candidate =
        new RedeliveryCandidate(leased.lease().delivery(), leased.content().event());

    assertThat(redeliveries.unneeded(List.of(candidate))).containsExactly(leased.content().event());
  }

  @Test
  default void a_redelivery_names_the_original() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    DeliveryId first = fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();

    DeliveryId again = redeliveries.redeliver(first);
    Delivery open = steps.details(again).delivery();
    DeliveryContent sent = steps.claim().getFirst().content();
    steps.deliverAllDue();

    assertThat(open.redeliveryOf()).contains(first);
    assertThat(sent.redeliveryOf()).contains(first);
    assertThat(steps.details(first).delivery().redeliveryOf()).isEmpty();
  }

  @Test
  default void a_failure_that_was_sent_again_counts_only_if_it_failed_again() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    Webhook webhook = redeliveries.webhook();
    RunId run = fixture.addRun();
    DeliveryId first = redeliveries.fail(run);
    redeliveries.fail(run);
    DeliveryId ping = redeliveries.failPing();
    int before = countFailed(fixture, webhook);

    redeliveries.redeliver(first);
    int whilePending = countFailed(fixture, webhook);
    steps.exhaust(steps.claim().getFirst());
    int failedAgain = countFailed(fixture, webhook);
    redeliveries.redeliver(first);
    redeliveries.redeliver(ping);
    steps.deliverAllDue();

    assertThat(before).isEqualTo(3);
    assertThat(whilePending).isEqualTo(2);
    assertThat(failedAgain).isEqualTo(3);
    assertThat(countFailed(fixture, webhook)).isEqualTo(1);
  }

  @Test
  default void deliveries_are_listed_by_whether_their_event_was_sent_again() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Redeliveries redeliveries = Redeliveries.on(fixture);
    RunId run = fixture.addRun();
    DeliveryId first = redeliveries.fail(run);
    DeliveryId other = redeliveries.fail(run);
    DeliveryId ping = redeliveries.failPing();

    DeliveryId again = redeliveries.redeliver(first);
    DeliveryId pingAgain = redeliveries.redeliver(ping);
    List<DeliveryId> whilePending = redeliveries.listed(redeliveries.all().withRedelivered(false));
    List<DeliveryId> failedWhilePending =
        redeliveries.listed(redeliveries.failed().withRedelivered(false));
    steps.deliverAllDue();

    assertThat(whilePending).containsExactly(pingAgain, again, other);
    assertThat(failedWhilePending).containsExactly(other);
    assertThat(redeliveries.listed(redeliveries.failed().withRedelivered(false)))
        .containsExactly(other);
    assertThat(redeliveries.listed(redeliveries.failed().withRedelivered(true)))
        .containsExactly(ping, first);
    assertThat(redeliveries.listed(redeliveries.all().withRedelivered(true)))
        .containsExactly(ping, first);
  }

  /// Counts in the activity of the webhook and in the summary of its stack, which agree.
  private static int countFailed(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit -> {
      int ofStack =
          unit.statsQueries()
              .stacks(fixture.account(), new All(), StackFilter.all(), PageRequest.first())
              .items()
              .getFirst()
              .failedDeliveries();
      assertThat(unit.statsQueries().activity(List.of(webhook.id())))
          .hasEntrySatisfying(
              webhook.id(), activity -> assertThat(activity.failedDeliveries()).isEqualTo(ofStack));
      return ofStack;
    });
  }
}
