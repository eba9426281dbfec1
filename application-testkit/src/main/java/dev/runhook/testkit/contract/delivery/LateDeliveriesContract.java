package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.Deliveries.RedeliveryCandidate;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for deliveries of events that a webhook was skipped for, and for the last success.
@Contract
public interface LateDeliveriesContract {
  int LIMIT = 100;

  Transactor transactor();

  @Test
  default void the_skipped_events_of_a_run_are_found_in_the_order_of_their_versions() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId first = skip(fixture, webhook, run, RunState.PLANNING);
    EventId elsewhere = skip(fixture, webhook, fixture.addRun(), RunState.PLANNING);
    EventId last = skip(fixture, webhook, run, RunState.FAILED);
    skip(fixture, fixture.addWebhook(), run, RunState.FAILED);
    fixture.addDelivery(webhook, run);

    assertThat(skipped(fixture, all(webhook), LIMIT))
        .containsExactlyInAnyOrder(first, elsewhere, last)
        .containsSubsequence(first, last);
    assertThat(skipped(fixture, all(webhook), 1)).hasSize(1);
    assertThat(skipped(fixture, of(webhook, run), LIMIT)).containsExactly(first, last);
    assertThat(skipped(fixture, all(webhook).withState(RunState.FAILED), LIMIT))
        .containsExactly(last);
    assertThat(skipped(fixture, of(webhook, run), Set.of(RunState.FAILED, RunState.READY)))
        .containsExactly(last);
    assertThat(skipped(fixture, of(webhook, run), Set.of(RunState.FAILED, RunState.PLANNING)))
        .containsExactly(first, last);
  }

  @Test
  default void a_webhook_was_skipped_for_the_events_before_its_creation() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook other = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId before = skip(fixture, other, run, RunState.PLANNING);
    Webhook webhook = fixture.addWebhook();
    skip(fixture, other, run, RunState.APPLYING);

    List<EventId> found = skipped(fixture, of(webhook, run), Set.of(RunState.PLANNING));
    addLate(fixture, webhook, run, List.of(before));

    assertThat(found).containsExactly(before);
    assertThat(skipped(fixture, of(webhook, run), Set.of(RunState.PLANNING, RunState.APPLYING)))
        .isEmpty();
    assertThat(skipped(fixture, of(other, run), Set.of(RunState.PLANNING))).containsExactly(before);
  }

  @Test
  default void the_clocks_of_nodes_do_not_change_the_order_of_skipped_events() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId ofSlowClock = fixture.newEventId();
    EventId first = skip(fixture, webhook, run, RunState.PLANNING);
    skip(fixture, webhook, run, RunState.FAILED, ofSlowClock);

    assertThat(skipped(fixture, all(webhook), LIMIT)).containsExactly(first, ofSlowClock);
  }

  @Test
  default void a_time_range_excludes_earlier_and_later_events() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook webhook = fixture.addWebhook();
    EventId event = skip(fixture, webhook, fixture.addRun(), RunState.PLANNING);
    Instant created = new DeliveryId(event.value()).createdAt();

    assertThat(skipped(fixture, all(webhook).withFrom(created), LIMIT)).containsExactly(event);
    assertThat(skipped(fixture, all(webhook).withFrom(created.plusMillis(1)), LIMIT)).isEmpty();
    assertThat(skipped(fixture, all(webhook).withTo(created), LIMIT)).isEmpty();
  }

  @Test
  default void an_event_that_was_delivered_late_is_no_longer_found() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId event = skip(fixture, webhook, run, RunState.PLANNING);
    EventId other = skip(fixture, webhook, run, RunState.FAILED);
    boolean redeliveredBefore = isRedelivered(fixture, webhook, event);

    DeliveryId late = addLate(fixture, webhook, run, List.of(event)).getFirst();
    List<EventId> foundWhilePending = skipped(fixture, all(webhook), LIMIT);
    boolean redeliveredWhilePending = isRedelivered(fixture, webhook, event);
    steps.exhaust(steps.claim().getFirst());

    assertThat(redeliveredBefore).isFalse();
    assertThat(foundWhilePending).containsExactly(other);
    assertThat(redeliveredWhilePending).isTrue();
    assertThat(skipped(fixture, all(webhook), LIMIT)).containsExactly(other);
    assertThat(isRedelivered(fixture, webhook, event)).isTrue();
    assertThat(isRedelivered(fixture, webhook, other)).isFalse();
    assertThat(steps.details(late).delivery().redeliveryOf()).isEmpty();
  }

  @Test
  default void a_late_delivery_has_a_lower_previous_version_or_none() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    EventId second = skip(fixture, webhook, run, RunState.PLANNING);
    EventId third = skip(fixture, webhook, run, RunState.PLANNING);
    fixture.addDelivery(webhook, run);
    EventId fifth = skip(fixture, webhook, run, RunState.PLANNING);
    steps.deliverAllDue();

    List<DeliveryId> late = addLate(fixture, webhook, run, List.of(second, third));
    DeliveryId later = addLate(fixture, webhook, run, List.of(fifth)).getFirst();
    DeliveryId next = fixture.addDelivery(webhook, run);

    assertThat(previousVersion(steps, late.getFirst())).isEmpty();
    assertThat(previousVersion(steps, late.getLast())).contains(2L);
    assertThat(previousVersion(steps, later)).contains(4L);
    assertThat(previousVersion(steps, next)).contains(4L);
  }

  @Test
  default void the_last_success_is_the_newest_delivered_transition() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook webhook = fixture.addWebhook();
    RunId run = fixture.addRun();
    Optional<DeliveryId> before = lastSuccess(fixture, webhook);
    DeliveryId old = fixture.addDelivery(webhook, run);
    DeliveryId last = fixture.addDelivery(webhook, run);
    steps.deliverAllDue();
    fixture.addDelivery(webhook, run);
    steps.exhaust(steps.claim().getFirst());
    fixture.addDelivery(fixture.addWebhook(), run);
    fixture.inTransaction(unit -> {
      NewDelivery ping = fixture.newPing(unit, webhook);
      unit.runs().findForUpdate(List.of(run));
      EventId event =
          unit.deliveries().find(fixture.account(), old).orElseThrow().delivery().event();
      List<DeliveryContent> repeated =
          unit.deliveries().findContents(List.of(new RedeliveryCandidate(old, event)));
      NewDelivery again =
          new NewDelivery(fixture.newDeliveryId(unit), webhook, repeated.getFirst(), false);
      return unit.append(JournalEntries.ofDeliveries(List.of(ping, again)), Duration.ZERO);
    });
    steps.deliverAllDue();

    assertThat(before).isEmpty();
    assertThat(lastSuccess(fixture, webhook)).contains(last);
  }

  private static EventId skip(ContractFixture fixture, Webhook webhook, RunId run, RunState state) {
    return skip(fixture, webhook, run, state, fixture.newEventId());
  }

  private static EventId skip(
      ContractFixture fixture, Webhook webhook, RunId run, RunState state, EventId event) {
    return fixture.inTransaction(unit -> {
      fixture.recordTransition(unit, webhook, run, state, event);
      SkippedDelivery skipped =
          new SkippedDelivery(event, webhook.id(), Code.SKIPPED_STATE.with("READY", state));
      unit.append(JournalEntries.ofSkipped(List.of(skipped)), Duration.ZERO);
      return event;
    });
  }

  private static List<DeliveryId> addLate(
      ContractFixture fixture, Webhook webhook, RunId run, List<EventId> events) {
    return fixture.inTransaction(unit -> {
      unit.runs().findForUpdate(List.of(run));
      List<NewDelivery> late =
          unit
              .deliveries()
              .findContents(events.stream().map(LateDeliveriesContract::candidate).toList())
              .stream()
              .map(content -> new NewDelivery(fixture.newDeliveryId(unit), webhook, content, false))
              .toList();
      unit.append(JournalEntries.ofDeliveries(late), Duration.ZERO);
      return late.stream().map(NewDelivery::id).toList();
    });
  }

  private static RedeliveryCandidate candidate(EventId event) {
    return new RedeliveryCandidate(Optional.empty(), event);
  }

  private static boolean isRedelivered(ContractFixture fixture, Webhook webhook, EventId event) {
    return fixture.inTransaction(unit ->
        unit.deliveries().findRedelivered(webhook.id(), List.of(candidate(event))).contains(event));
  }

  private static Optional<Long> previousVersion(DispatchSteps steps, DeliveryId id) {
    return steps.details(id).delivery().transition().orElseThrow().previousVersion();
  }

  private static Optional<DeliveryId> lastSuccess(ContractFixture fixture, Webhook webhook) {
    return fixture.inTransaction(unit -> unit.deliveries().findLastSuccess(webhook.id()));
  }

  private static DeliveryFilter all(Webhook webhook) {
    return DeliveryFilter.of(DeliveryScope.of(webhook.stack(), webhook.id()));
  }

  private static DeliveryFilter of(Webhook webhook, RunId run) {
    return DeliveryFilter.of(
        new DeliveryScope.OfWebhook(webhook.stack(), webhook.id(), Optional.of(run.name())));
  }

  private static List<EventId> skipped(ContractFixture fixture, DeliveryFilter filter, int limit) {
    return skipped(fixture, filter, Set.of(), limit);
  }

  private static List<EventId> skipped(
      ContractFixture fixture, DeliveryFilter filter, Set<RunState> states) {
    return skipped(fixture, filter, states, LIMIT);
  }

  private static List<EventId> skipped(
      ContractFixture fixture, DeliveryFilter filter, Set<RunState> states, int limit) {
    return fixture.inTransaction(unit ->
        unit.deliveries().findSkipped(filter, states, limit).stream()
            .map(RedeliveryCandidate::event)
            .toList());
  }
}
