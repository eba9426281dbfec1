package dev.runhook.application.outbox;

import static java.util.Optional.empty;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.JournalEntry.SkippedDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Writes events and their deliveries in one unit of work. The caller has locked the runs of the
/// events.
///
/// It takes slots of the dispatcher for deliveries that this process can send. However the
/// transaction ends, each slot is used or freed. Not thread-safe: one thread runs a transaction.
public final class DeliveryWriter {
  private static final int MAX_DELIVERIES = 2_500;
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  private final UnitOfWork unit;
  private final DispatchHandoff handoff;
  private final PayloadRenderer renderer;
  private final IdGenerator ids;
  private final Moment startedAt;
  private final List<RenderedEvent> events = new ArrayList<>();
  private final List<NewDelivery> deliveries = new ArrayList<>();
  private final List<SkippedDelivery> skipped = new ArrayList<>();
  private final List<NewDelivery> withSlot = new ArrayList<>();
  private final List<LeasedDelivery> leased = new ArrayList<>();
  private long bytes;
  private boolean othersDue;

  DeliveryWriter(
      UnitOfWork unit, DispatchHandoff handoff, PayloadRenderer renderer, IdGenerator ids) {
    this.unit = unit;
    this.handoff = handoff;
    this.renderer = renderer;
    this.ids = ids;
    this.startedAt = handoff.now();
  }

  /// Prepares an event. It gets one delivery for each webhook that matches, and a skip reason for
  /// each webhook that does not.
  ///
  /// @param webhooks the webhooks that the event may go to
  /// @return how many deliveries it gets
  public int add(Event event, List<Webhook> webhooks) {
    Payload payload = renderer.render(event);
    events.add(new RenderedEvent(event, payload));
    DeliveryContent content = content(event, payload);
    bytes += content.bytes();
    int before = deliveries.size();
    for (Webhook webhook : webhooks) {
      switch (RoutingDecision.of(event, webhook)) {
        case RoutingDecision.Deliver() -> addDelivery(webhook, content);
        case RoutingDecision.Skip(Explanation explanation) ->
            skipped.add(new SkippedDelivery(event.id(), webhook.id(), explanation));
      }
    }
    return deliveries.size() - before;
  }

  /// Returns whether the transaction should end, to limit its memory, and how long the commits of
  /// other accounts wait for it.
  public boolean isFull() {
    return bytes >= MAX_BYTES || deliveries.size() + skipped.size() >= MAX_DELIVERIES;
  }

  /// Stores what was prepared, without a change of a run. Call this once.
  ///
  /// @return the deliveries in the order in which they were prepared
  public List<NewDelivery> save() {
    return save(List.of());
  }

  /// Stores what was prepared. Call this once.
  ///
  /// @param changed see [JournalEntry]
  /// @return the deliveries in the order in which they were prepared
  public List<NewDelivery> save(Collection<Run> changed) {
    JournalEntry entry = new JournalEntry(changed, events, skipped, deliveries);
    leased.addAll(unit.append(entry, handoff.leaseDuration()));
    return entry.deliveries();
  }

  /// Prepares a delivery, even if the webhook's subscription does not match. Takes a slot if the
  /// webhook is active and this process can send to it immediately.
  public void addDelivery(Webhook webhook, DeliveryContent content) {
    NewDelivery delivery =
        new NewDelivery(new DeliveryId(ids.next(webhook.stack())), webhook, content, false);
    boolean hasSlot =
        webhook.health() instanceof Health.Active && handoff.takeSlot(webhook, delivery.bytes());
    if (hasSlot) {
      delivery = new NewDelivery(delivery.id(), webhook, content, true);
      withSlot.add(delivery);
    } else {
      othersDue = true;
    }
    deliveries.add(delivery);
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
              change.trace(),
              change.transition().changes());
      case Ping ignored -> contentWithoutRun(event, payload);
      case TestEvent ignored -> contentWithoutRun(event, payload);
      case OperationalEvent ignored -> contentWithoutRun(event, payload);
    };
  }

  private static DeliveryContent contentWithoutRun(Event event, Payload payload) {
    return new DeliveryContent(event.id(), event.kind(), empty(), payload, empty(), empty());
  }

  private static TransitionRef ref(Transition transition) {
    return new TransitionRef(transition.run().name(), transition.state(), transition.version());
  }

  /// Submits the leased deliveries, and frees the other slots.
  void afterCommit() {
    Set<DeliveryId> submitted =
        leased.stream().map(delivery -> delivery.lease().delivery()).collect(Collectors.toSet());
    freeSlots(delivery -> !submitted.contains(delivery.id()));
    if (!leased.isEmpty()) {
      handoff.submit(leased, startedAt);
    }
    if (othersDue) {
      handoff.wake();
    }
  }

  void afterRollback() {
    freeSlots(ignored -> true);
  }

  private void freeSlots(Predicate<NewDelivery> condition) {
    withSlot.stream()
        .filter(condition)
        .forEach(delivery -> handoff.freeSlot(delivery.webhook(), delivery.bytes()));
    withSlot.clear();
  }
}
