package dev.runhook.testkit.contract.delivery;

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
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for redeliveries.
@Contract
public interface RedeliveryContract {
  int LIMIT = 100;

  Transactor transactor();

  @Test
  default void the_finished_deliveries_of_a_run_are_found_in_the_order_of_their_versions() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run, RunState.PLANNING);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId second = fixture.addDelivery(webhook, run, RunState.FAILED);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId delivered = fixture.addDelivery(webhook, run);
    steps.deliverAllDue();
    DeliveryId elsewhere = fixture.addDelivery(fixture.addWebhook(), run);
    steps.exhaust(steps.claim().getFirst());
    fixture.addDelivery(webhook, run);

    assertThat(ids(matching(fixture, failed(webhook), LIMIT)))
        .containsExactly(first, second)
        .doesNotContain(elsewhere);
    assertThat(ids(matching(fixture, failed(webhook), 1))).hasSize(1);
    assertThat(ids(matching(fixture, all(webhook).withStatus(Status.DELIVERED), LIMIT)))
        .containsExactly(delivered);
    assertThat(ids(matching(fixture, all(webhook), LIMIT)))
        .containsExactly(first, second, delivered);
  }

  @Test
  default void a_time_range_excludes_earlier_and_later_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId id = fixture.addDelivery(webhook, fixture.addRun());
    steps.exhaust(steps.claim().getFirst());
    Instant created = id.createdAt();

    assertThat(ids(matching(fixture, failed(webhook).withFrom(created), LIMIT)))
        .containsExactly(id);
    assertThat(matching(fixture, failed(webhook).withFrom(created.plusMillis(1)), LIMIT)).isEmpty();
    assertThat(matching(fixture, failed(webhook).withTo(created), LIMIT)).isEmpty();
  }

  @Test
  default void a_filter_by_run_or_state_excludes_other_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId planning = fixture.addDelivery(webhook, run, RunState.PLANNING);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId failed = fixture.addDelivery(webhook, run, RunState.FAILED);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId elsewhere = fixture.addDelivery(webhook, fixture.addRun(), RunState.PLANNING);
    steps.exhaust(steps.claim().getFirst());
    DeliveryFilter ofRun =
        DeliveryFilter.of(
                new DeliveryScope.OfWebhook(webhook.stack(), webhook.id(), Optional.of(run.name())))
            .withStatus(Status.FAILED);

    assertThat(ids(matching(fixture, ofRun, LIMIT))).containsExactly(planning, failed);
    assertThat(ids(matching(fixture, ofRun, 1))).containsExactly(planning);
    assertThat(matching(fixture, ofRun.withTo(planning.createdAt()), LIMIT)).isEmpty();
    assertThat(ids(matching(fixture, ofRun.withState(RunState.FAILED), LIMIT)))
        .containsExactly(failed);
    assertThat(ids(matching(fixture, failed(webhook).withState(RunState.PLANNING), LIMIT)))
        .containsExactlyInAnyOrder(planning, elsewhere);
  }

  @Test
  default void the_clocks_of_nodes_do_not_change_the_order_of_finished_deliveries() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId ofSlowClock = fixture.newEventId();
    DeliveryId first = fixture.addDelivery(webhook, run);
    steps.exhaust(steps.claim().getFirst());
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

    assertThat(ids(matching(fixture, failed(webhook), LIMIT))).containsExactly(first, second);
    assertThat(ids(matching(fixture, DeliveryFilter.of(ofRun), LIMIT)))
        .containsExactly(first, second);
  }

  @Test
  default void the_redelivery_of_a_node_with_a_slow_clock_makes_up_for_a_failure() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId ofRunSlow = fixture.inTransaction(fixture::newDeliveryId);
    DeliveryId ofPingSlow = fixture.inTransaction(fixture::newDeliveryId);
    DeliveryId ofRun = fixture.addDelivery(webhook, fixture.addRun());
    steps.exhaust(steps.claim().getFirst());
    DeliveryId ping = addPing(fixture, webhook).id();
    steps.exhaust(steps.claim().getFirst());
    List<RedeliveryCandidate> before = matching(fixture, failed(webhook), LIMIT);

    redeliver(fixture, webhook, ofRun, ofRunSlow);
    redeliver(fixture, webhook, ping, ofPingSlow);
    steps.deliverAllDue();

    assertThat(ids(before)).containsExactlyInAnyOrder(ofRun, ping);
    assertThat(matching(fixture, failed(webhook), LIMIT)).isEmpty();
    assertThat(matching(fixture, failed(webhook).withFrom(ofRun.createdAt()), LIMIT)).isEmpty();
    assertThat(redelivered(fixture, webhook.id(), before)).hasSize(2);
    assertThat(ids(matching(fixture, all(webhook), LIMIT)))
        .containsExactlyInAnyOrder(ofRunSlow, ofPingSlow);
  }

  @Test
  default void only_the_latest_delivery_of_an_event_is_found() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId again = redeliver(fixture, webhook, first);
    steps.exhaust(steps.claim().getFirst());

    List<RedeliveryCandidate> matched = matching(fixture, failed(webhook), LIMIT);

    assertThat(ids(matched)).containsExactly(again);
  }

  @Test
  default void a_redelivery_has_the_same_content_and_names_the_original() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
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
    Webhook webhook = fixture.addWebhook();
    DeliveryId first = fixture.addDelivery(webhook, fixture.addRun());
    steps.exhaust(steps.claim().getFirst());
    DeliveryId ping = addPing(fixture, webhook).id();
    steps.exhaust(steps.claim().getFirst());
    Instant end = ping.createdAt().plusMillis(1);
    List<RedeliveryCandidate> before = matching(fixture, failed(webhook).withTo(end), LIMIT);

    redeliver(fixture, webhook, first);
    redeliver(fixture, webhook, ping);
    steps.deliverAllDue();

    assertThat(ids(before)).containsExactlyInAnyOrder(first, ping);
    assertThat(matching(fixture, failed(webhook).withTo(end), LIMIT)).isEmpty();
    assertThat(redelivered(fixture, webhook.id(), before))
        .containsExactlyInAnyOrderElementsOf(
            before.stream().map(RedeliveryCandidate::event).toList());
  }

  @Test
  default void a_success_after_which_a_redelivery_failed_counts_as_failed() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId first = fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();

    DeliveryId again = redeliver(fixture, webhook, first);
    steps.exhaust(steps.claim().getFirst());

    List<RedeliveryCandidate> failed = matching(fixture, failed(webhook), LIMIT);
    assertThat(ids(failed)).containsExactly(again);
    assertThat(matching(fixture, all(webhook).withStatus(Status.DELIVERED), LIMIT)).isEmpty();
    assertThat(redelivered(fixture, webhook.id(), failed)).isEmpty();
  }

  @Test
  default void events_with_an_open_delivery_need_no_redelivery() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId changed = fixture.addDelivery(webhook, fixture.addRun());
    EventId event = steps.claim().getFirst().content().event();
    NewDelivery ping = addPing(fixture, webhook);
    List<RedeliveryCandidate> candidates =
        List.of(
            new RedeliveryCandidate(changed, event),
            new RedeliveryCandidate(ping.id(), ping.content().event()),
            new RedeliveryCandidate(changed, fixture.newEventId()));

    assertThat(redelivered(fixture, webhook.id(), candidates))
        .containsExactlyInAnyOrder(event, ping.content().event());
    assertThat(redelivered(fixture, fixture.newWebhookId(), candidates)).isEmpty();
  }

  @Test
  default void an_event_is_not_redelivered_while_its_direct_delivery_is_open() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    LeasedDelivery leased =
        fixture.inTransaction(unit -> {
          NewDelivery added = fixture.recordTransition(unit, webhook, run);
          NewDelivery direct = new NewDelivery(added.id(), webhook, added.content(), true);
          return fixture.addDeliveries(unit, List.of(direct), DispatchSteps.AN_HOUR).getFirst();
        });
    RedeliveryCandidate candidate =
        new RedeliveryCandidate(leased.lease().delivery(), leased.content().event());

    Set<EventId> open =
        fixture.inTransaction(
            unit -> unit.deliveries().findRedelivered(webhook.id(), List.of(candidate)));

    assertThat(open).containsExactly(leased.content().event());
  }

  @Test
  default void a_redelivery_names_the_original() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    DeliveryId first = fixture.addDelivery(webhook, fixture.addRun());
    steps.deliverAllDue();

    DeliveryId again = redeliver(fixture, webhook, first);
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
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    steps.exhaust(steps.claim().getFirst());
    fixture.addDelivery(webhook, run);
    steps.exhaust(steps.claim().getFirst());
    NewDelivery ping = addPing(fixture, webhook);
    steps.exhaust(steps.claim().getFirst());
    int before = countFailed(fixture, webhook);

    redeliver(fixture, webhook, first);
    int whilePending = countFailed(fixture, webhook);
    steps.exhaust(steps.claim().getFirst());
    int failedAgain = countFailed(fixture, webhook);
    redeliver(fixture, webhook, first);
    redeliver(fixture, webhook, ping.id());
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
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    DeliveryId first = fixture.addDelivery(webhook, run);
    steps.exhaust(steps.claim().getFirst());
    DeliveryId other = fixture.addDelivery(webhook, run);
    steps.exhaust(steps.claim().getFirst());
    NewDelivery ping = addPing(fixture, webhook);
    steps.exhaust(steps.claim().getFirst());

    DeliveryId again = redeliver(fixture, webhook, first);
    DeliveryId pingAgain = redeliver(fixture, webhook, ping.id());
    List<DeliveryId> whilePending = listed(fixture, all(webhook).withRedelivered(false));
    List<DeliveryId> failedWhilePending = listed(fixture, failed(webhook).withRedelivered(false));
    steps.deliverAllDue();

    assertThat(whilePending).containsExactly(pingAgain, again, other);
    assertThat(failedWhilePending).containsExactly(other);
    assertThat(listed(fixture, failed(webhook).withRedelivered(false))).containsExactly(other);
    assertThat(listed(fixture, failed(webhook).withRedelivered(true)))
        .containsExactly(ping.id(), first);
    assertThat(listed(fixture, all(webhook).withRedelivered(true)))
        .containsExactly(ping.id(), first);
  }

  private static List<DeliveryId> listed(ContractFixture fixture, DeliveryFilter filter) {
    return fixture
        .inTransaction(unit -> unit.deliveries().list(filter, PageRequest.first()))
        .items()
        .stream()
        .map(Delivery::id)
        .toList();
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

  private static Set<EventId> redelivered(
      ContractFixture fixture, WebhookId webhook, List<RedeliveryCandidate> candidates) {
    return fixture.inTransaction(unit -> unit.deliveries().findRedelivered(webhook, candidates));
  }

  private static NewDelivery addPing(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit -> {
      NewDelivery ping = fixture.newPing(unit, webhook);
      unit.deliveries().add(List.of(ping), Duration.ZERO);
      return ping;
    });
  }

  private static DeliveryId redeliver(ContractFixture fixture, Webhook webhook, DeliveryId id) {
    return redeliver(fixture, webhook, id, fixture.inTransaction(fixture::newDeliveryId));
  }

  private static DeliveryId redeliver(
      ContractFixture fixture, Webhook webhook, DeliveryId id, DeliveryId newId) {
    return fixture.inTransaction(unit -> {
      EventId event =
          unit.deliveries().find(fixture.account(), id).orElseThrow().delivery().event();
      DeliveryContent content =
          unit.deliveries().findContents(List.of(new RedeliveryCandidate(id, event))).getFirst();
      content
          .transition()
          .ifPresent(
              ref -> unit.runs().findForUpdate(List.of(new RunId(webhook.stack(), ref.run()))));
      NewDelivery again = new NewDelivery(newId, webhook, content, false);
      unit.deliveries().add(List.of(again), Duration.ZERO);
      return again.id();
    });
  }

  private static DeliveryFilter all(Webhook webhook) {
    return DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id()));
  }

  private static DeliveryFilter failed(Webhook webhook) {
    return all(webhook).withStatus(Status.FAILED);
  }

  private static List<RedeliveryCandidate> matching(
      ContractFixture fixture, DeliveryFilter filter, int limit) {
    return fixture.inTransaction(unit -> unit.deliveries().findLatestFinished(filter, limit));
  }

  private static List<DeliveryId> ids(List<RedeliveryCandidate> redeliveries) {
    return redeliveries.stream().flatMap(candidate -> candidate.delivery().stream()).toList();
  }
}
