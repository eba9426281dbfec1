package dev.runhook.application.outbox;

import static java.util.Optional.empty;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Events.RenderedEvent;
import dev.runhook.application.spi.Events.SkippedDelivery;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Writes events and their deliveries in one unit of work. The caller has locked the runs of the
/// events.
///
/// It reserves slots at the dispatcher for deliveries that this process can send. However the
/// transaction ends, each slot is used or released. Not thread-safe: one thread runs a transaction.
public final class DeliveryWriter {
  /// The payloads that one call of the store may add. A store copies them for its statement.
  private static final int MAX_BYTES_PER_CALL = 4 * 1024 * 1024;

  private final UnitOfWork unit;
  private final DispatchHandoff handoff;
  private final PayloadRenderer renderer;
  private final IdGenerator ids;
  private final long startedAt;
  private final List<NewDelivery> reserved = new ArrayList<>();
  private final List<LeasedDelivery> leased = new ArrayList<>();
  private boolean othersDue;

  DeliveryWriter(
      UnitOfWork unit, DispatchHandoff handoff, PayloadRenderer renderer, IdGenerator ids) {
    this.unit = unit;
    this.handoff = handoff;
    this.renderer = renderer;
    this.ids = ids;
    this.startedAt = handoff.nanoTime();
  }

  /// Returns the event with its payload.
  public RenderedEvent render(Event event) {
    return new RenderedEvent(event, renderer.render(event));
  }

  /// Adds events. Each gets one delivery for each webhook that matches, and a skip reason for each
  /// webhook that does not.
  ///
  /// @param webhooks the webhooks that an event may go to
  /// @return the deliveries of each event; save those of runs with [Runs#save]
  public Map<EventId, List<NewDelivery>> addEvents(
      List<RenderedEvent> rendered, Function<Event, List<Webhook>> webhooks) {
    List<NewDelivery> deliveries = new ArrayList<>();
    List<SkippedDelivery> skipped = new ArrayList<>();
    Map<EventId, List<NewDelivery>> added = new HashMap<>();
    for (RenderedEvent each : rendered) {
      Event event = each.event();
      int before = deliveries.size();
      for (Webhook webhook : webhooks.apply(event)) {
        switch (RoutingDecision.of(event, webhook)) {
          case RoutingDecision.Deliver() ->
              deliveries.add(newDelivery(webhook, content(event, each.payload())));
          case RoutingDecision.Skip(Explanation explanation) ->
              skipped.add(new SkippedDelivery(event.id(), webhook.id(), explanation));
        }
      }
      added.put(event.id(), List.copyOf(deliveries.subList(before, deliveries.size())));
    }
    save(rendered, deliveries, skipped);
    return added;
  }

  /// Adds deliveries that repeat earlier ones, even if the webhook's subscription no longer
  /// matches.
  ///
  /// @return the ids of the new deliveries, in the order of the contents
  public List<DeliveryId> addRedeliveries(Webhook webhook, List<DeliveryContent> contents) {
    List<NewDelivery> deliveries =
        contents.stream().map(content -> newDelivery(webhook, content)).toList();
    save(List.of(), deliveries, List.of());
    return deliveries.stream().map(NewDelivery::id).toList();
  }

  /// Reserves a slot if the webhook is active and this process can send to it immediately.
  private NewDelivery newDelivery(Webhook webhook, DeliveryContent content) {
    NewDelivery delivery = new NewDelivery(new DeliveryId(ids.next()), webhook, content, false);
    boolean hasSlot =
        webhook.health() instanceof Health.Active
            && handoff.reserveSlot(webhook.id(), delivery.bytes());
    if (!hasSlot) {
      othersDue = true;
      return delivery;
    }
    NewDelivery withSlot = new NewDelivery(delivery.id(), webhook, content, true);
    reserved.add(withSlot);
    return withSlot;
  }

  private static DeliveryContent content(Event event, Payload payload) {
    return switch (event) {
      case RunStateChanged change ->
          new DeliveryContent(
              event.id(),
              event.kind(),
              Optional.of(ref(change.transition())),
              payload,
              empty(),
              change.trace());
      case Ping ignored -> contentWithoutRun(event, payload);
      case TestEvent ignored -> contentWithoutRun(event, payload);
    };
  }

  private static DeliveryContent contentWithoutRun(Event event, Payload payload) {
    return new DeliveryContent(event.id(), event.kind(), empty(), payload, empty(), empty());
  }

  private static TransitionRef ref(Transition transition) {
    return new TransitionRef(transition.run().name(), transition.state(), transition.version());
  }

  private void save(
      List<RenderedEvent> rendered, List<NewDelivery> deliveries, List<SkippedDelivery> skipped) {
    saveEvents(rendered);
    if (!skipped.isEmpty()) {
      unit.events().addSkipped(skipped);
    }
    if (!deliveries.isEmpty()) {
      leased.addAll(unit.deliveries().add(deliveries, leaseDuration(deliveries)));
    }
  }

  private void saveEvents(List<RenderedEvent> rendered) {
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < rendered.size(); i++) {
      bytes += rendered.get(i).payload().length();
      if (bytes >= MAX_BYTES_PER_CALL || i == rendered.size() - 1) {
        unit.events().add(List.copyOf(rendered.subList(from, i + 1)));
        from = i + 1;
        bytes = 0;
      }
    }
  }

  /// Returns a duration that is long enough for all of the deliveries, which get the same lease.
  private Duration leaseDuration(List<NewDelivery> deliveries) {
    Duration minimum = handoff.leaseDuration();
    return deliveries.stream()
        .filter(NewDelivery::leaseIfHead)
        .map(delivery -> Lease.durationFor(delivery.webhook(), minimum))
        .reduce(minimum, (first, second) -> first.compareTo(second) > 0 ? first : second);
  }

  /// Submits the leased deliveries, and releases the other slots.
  void afterCommit() {
    Set<DeliveryId> submitted =
        leased.stream().map(delivery -> delivery.lease().delivery()).collect(Collectors.toSet());
    releaseSlots(delivery -> !submitted.contains(delivery.id()));
    if (!leased.isEmpty()) {
      handoff.submit(leased, startedAt);
    }
    if (othersDue) {
      handoff.wake();
    }
  }

  void afterRollback() {
    releaseSlots(ignored -> true);
  }

  private void releaseSlots(Predicate<NewDelivery> condition) {
    reserved.stream()
        .filter(condition)
        .forEach(delivery -> handoff.releaseSlot(delivery.webhook().id(), delivery.bytes()));
    reserved.clear();
  }
}
