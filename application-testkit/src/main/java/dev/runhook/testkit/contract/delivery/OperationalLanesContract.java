package dev.runhook.testkit.contract.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import dev.runhook.testkit.contract.fixture.DispatchSteps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Requirements for the order of the operational events about one webhook.
@Contract
public interface OperationalLanesContract {
  Transactor transactor();

  @Test
  default void operational_events_about_one_webhook_arrive_in_order() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook receiver = fixture.addWebhook();
    Webhook affected = fixture.addWebhook();
    DeliveryId ofSlowClock = fixture.inTransaction(fixture::newDeliveryId);
    Details paused = new Details.Paused(1, "error", fixture.now());
    Details resumed = new Details.Resumed(Cause.RECEIVER, Optional.empty());
    DeliveryId first = add(fixture, affected, paused, receiver).getFirst();
    add(fixture, affected, resumed, List.of(receiver), List.of(ofSlowClock));

    List<LeasedDelivery> claimed = steps.claim();
    steps.retry(claimed.getFirst(), Duration.ZERO);
    List<LeasedDelivery> again = steps.claim();
    List<LeasedDelivery> next = steps.deliverAndLeaseNext(again.getFirst());

    assertThat(DispatchSteps.ids(claimed)).containsExactly(first);
    assertThat(DispatchSteps.ids(again)).containsExactly(first);
    assertThat(next)
        .extracting(LeasedDelivery::lease)
        .containsExactly(new Lease(ofSlowClock, 1, 0));
    assertThat(steps.deliverAndLeaseNext(next.getFirst())).isEmpty();
  }

  @Test
  default void many_operational_events_about_one_webhook_are_sent_one_by_one() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook receiver = fixture.addWebhook();
    Webhook affected = fixture.addWebhook();
    List<DeliveryId> added =
        Stream.generate(() -> add(fixture, affected, rotated(), receiver).getFirst())
            .limit(20)
            .toList();

    for (DeliveryId each : added) {
      List<LeasedDelivery> claimed = steps.claim();
      assertThat(DispatchSteps.ids(claimed)).containsExactly(each);
      steps.exhaust(claimed.getFirst());
    }

    assertThat(steps.claim()).isEmpty();
  }

  @Test
  default void operational_events_about_different_webhooks_do_not_wait_for_each_other() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Webhook receiver = fixture.addWebhook();

    DeliveryId about = add(fixture, fixture.addWebhook(), rotated(), receiver).getFirst();
    DeliveryId aboutOther = add(fixture, fixture.addWebhook(), rotated(), receiver).getFirst();

    assertThat(DispatchSteps.on(fixture).claimIds()).containsExactlyInAnyOrder(about, aboutOther);
  }

  @Test
  default void receivers_of_operational_events_do_not_wait_for_each_other() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook failing = fixture.addWebhook();
    Webhook healthy = fixture.addWebhook();
    Webhook affected = fixture.addWebhook();
    List<DeliveryId> first = add(fixture, affected, rotated(), failing, healthy);
    List<DeliveryId> second = add(fixture, affected, rotated(), failing, healthy);

    List<LeasedDelivery> claimed = steps.claim();
    claimed.forEach(leased -> {
      if (leased.webhook().id().equals(healthy.id())) {
        steps.deliver(leased);
      } else {
        steps.retry(leased, DispatchSteps.AN_HOUR);
      }
    });

    assertThat(DispatchSteps.ids(claimed)).containsExactlyInAnyOrderElementsOf(first);
    assertThat(steps.claimIds()).containsExactly(second.getLast());
  }

  @Test
  default void a_waiting_operational_event_names_the_delivery_that_blocks_it() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook receiver = fixture.addWebhook();
    Webhook affected = fixture.addWebhook();
    DeliveryId head = add(fixture, affected, rotated(), receiver).getFirst();
    DeliveryId waiting = add(fixture, affected, rotated(), receiver).getFirst();

    assertThat(steps.details(waiting).blockedBy()).map(Delivery::id).contains(head);
    assertThat(steps.details(head).blockedBy()).isEmpty();
  }

  @Test
  default void a_redelivered_operational_event_is_the_last_of_its_lane() {
    ContractFixture fixture = ContractFixture.on(transactor());
    DispatchSteps steps = DispatchSteps.on(fixture);
    Webhook receiver = fixture.addWebhook();
    Webhook affected = fixture.addWebhook();
    add(fixture, affected, rotated(), receiver);
    LeasedDelivery original = steps.claim().getFirst();
    steps.exhaust(original);
    DeliveryId second = add(fixture, affected, rotated(), receiver).getFirst();
    DeliveryId third = add(fixture, affected, rotated(), receiver).getFirst();

    DeliveryContent content = original.content().withRedeliveryOf(original.lease().delivery());
    DeliveryId again =
        fixture.inTransaction(unit -> {
          NewDelivery added =
              new NewDelivery(fixture.newDeliveryId(unit), receiver, content, false);
          unit.append(JournalEntries.ofDeliveries(List.of(added)), Duration.ZERO);
          return added.id();
        });

    for (DeliveryId each : List.of(second, third, again)) {
      List<LeasedDelivery> claimed = steps.claim();
      assertThat(DispatchSteps.ids(claimed)).containsExactly(each);
      steps.deliver(claimed.getFirst());
    }
  }

  private static Details rotated() {
    return new Details.SecretRotated(Optional.empty(), Optional.empty());
  }

  private static List<DeliveryId> add(
      ContractFixture fixture, Webhook affected, Details details, Webhook... receivers) {
    List<DeliveryId> ids =
        Stream.of(receivers).map(ignored -> fixture.inTransaction(fixture::newDeliveryId)).toList();
    return add(fixture, affected, details, List.of(receivers), ids);
  }

  /// Records an event about a webhook, and its deliveries with these ids.
  private static List<DeliveryId> add(
      ContractFixture fixture,
      Webhook affected,
      Details details,
      List<Webhook> receivers,
      List<DeliveryId> ids) {
    return fixture.inTransaction(unit -> {
      String origin = affected.settings().endpoint().origin();
      OperationalEvent event =
          new OperationalEvent(
              fixture.newEventId(unit),
              fixture.stack(),
              fixture.timeOf(unit),
              new AffectedWebhook(affected.id().toString(), "", origin),
              details);
      RenderedEvent rendered = new RenderedEvent(event, Payload.of("{}"));
      DeliveryContent content = ContractFixture.contentOf(event, rendered.payload());
      List<NewDelivery> added =
          Stream.iterate(0, index -> index < ids.size(), index -> index + 1)
              .map(index -> new NewDelivery(ids.get(index), receivers.get(index), content, false))
              .toList();
      unit.append(new JournalEntry(List.of(), List.of(rendered), List.of(), added), Duration.ZERO);
      return ids;
    });
  }
}
