package dev.runhook.persistence;

import static java.util.Objects.requireNonNull;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.Settlement;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery.Move;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Does in a unit what the use cases would do.
final class Stage {
  static final Duration HOUR = Duration.ofHours(1);

  private Stage() {}

  static void prepare(UnitOfWork unit) {
    unit.stacks().save(Samples.stack());
  }

  static Webhook webhook(UnitOfWork unit, int number) {
    Webhook webhook =
        Samples.webhook(
            new WebhookId(newId()), Samples.DEMO, Samples.endpoint(number), Samples.NOON);
    unit.webhooks().add(webhook);
    return webhook;
  }

  static RunId run(UnitOfWork unit, String name) {
    RunId id = new RunId(Samples.DEMO, name);
    unit.runs().add(Samples.run(id, Samples.NOON));
    return id;
  }

  /// Records a move of the run and queues it for the webhook.
  static NewDelivery move(UnitOfWork unit, Webhook webhook, RunId id) {
    Run before = requireNonNull(unit.runs().findForUpdate(List.of(id)).get(id));
    EventId event = new EventId(newId());
    RunMoved moved = Samples.moved(event, Samples.stack(), before, RunState.PLANNING, Samples.NOON);
    Payload payload = Payload.of("{\"version\":" + moved.transition().version() + "}");
    unit.runs().save(List.of(moved.run()), List.of());
    unit.runs().addTransitions(List.of(moved));
    unit.events().add(List.of(new RenderedEvent(moved, payload)));
    Move move = new Move(id.name(), RunState.PLANNING, moved.transition().version());
    Letter letter =
        new Letter(
            event,
            Event.Kind.RUN_STATE_CHANGED,
            Optional.of(move),
            payload,
            Optional.empty(),
            Optional.empty());
    NewDelivery delivery = new NewDelivery(new DeliveryId(newId()), webhook, letter, false);
    unit.deliveries().add(List.of(delivery), HOUR);
    return delivery;
  }

  /// Settles them, but for those whose run somebody else holds; returns which those are.
  static Set<DeliveryId> settle(UnitOfWork unit, List<Parcel> parcels, Fate fate) {
    Set<DeliveryId> held = unit.deliveries().lockLanes(ids(parcels));
    List<Settlement> settlements =
        parcels.stream()
            .filter(parcel -> !held.contains(parcel.lease().delivery()))
            .map(parcel -> settlement(parcel, fate))
            .toList();
    var settled = unit.deliveries().settle(settlements);
    unit.deliveries().freeNext(settled.freed(), Optional.empty());
    return held;
  }

  private static Settlement settlement(Parcel parcel, Fate fate) {
    Outcome outcome = Outcome.Answered.of(fate instanceof Fate.Delivered ? 200 : 500);
    return new Settlement(
        parcel.lease(),
        new Attempt(parcel.lease().attempt(), Samples.NOON, Duration.ofMillis(5), outcome),
        fate);
  }

  static Set<DeliveryId> ids(List<Parcel> parcels) {
    return parcels.stream().map(parcel -> parcel.lease().delivery()).collect(Collectors.toSet());
  }

  static UUID newId() {
    return UuidCreator.getTimeOrderedEpoch();
  }
}
