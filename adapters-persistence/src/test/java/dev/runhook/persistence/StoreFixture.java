package dev.runhook.persistence;

import static java.util.Objects.requireNonNull;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.RunStateChanged;
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
public final class StoreFixture {
  public static final Duration HOUR = Duration.ofHours(1);

  private StoreFixture() {}

  public static void addStack(UnitOfWork unit) {
    unit.stacks().save(Samples.stack());
  }

  public static Webhook addWebhook(UnitOfWork unit, int number) {
    Webhook webhook =
        Samples.webhook(
            new WebhookId(newId()), Samples.DEMO, Samples.endpoint(number), Samples.NOON);
    unit.webhooks().add(webhook);
    return webhook;
  }

  public static RunId addRun(UnitOfWork unit, String name) {
    RunId id = new RunId(Samples.DEMO, name);
    unit.runs().add(Samples.run(id, Samples.NOON));
    return id;
  }

  /// Records a move of the run and queues it for the webhook.
  public static NewDelivery recordTransition(UnitOfWork unit, Webhook webhook, RunId id) {
    Run before = requireNonNull(unit.runs().findForUpdate(List.of(id)).get(id));
    EventId event = new EventId(newId());
    RunStateChanged moved =
        Samples.runStateChanged(event, Samples.stack(), before, RunState.PLANNING, Samples.NOON);
    Payload payload = Payload.of("{\"version\":" + moved.transition().version() + "}");
    unit.runs().save(List.of(moved.run()), List.of());
    unit.runs().addTransitions(List.of(moved));
    unit.events().add(List.of(new RenderedEvent(moved, payload)));
    TransitionRef transitionRef =
        new TransitionRef(id.name(), RunState.PLANNING, moved.transition().version());
    DeliveryContent deliveryContent =
        new DeliveryContent(
            event,
            Event.Kind.RUN_STATE_CHANGED,
            Optional.of(transitionRef),
            payload,
            Optional.empty(),
            Optional.empty());
    NewDelivery delivery =
        new NewDelivery(new DeliveryId(newId()), webhook, deliveryContent, false);
    unit.deliveries().add(List.of(delivery), HOUR);
    return delivery;
  }

  /// Settles them, but for those whose run somebody else holds; returns which those are.
  public static Set<DeliveryId> complete(
      UnitOfWork unit, List<LeasedDelivery> parcels, Disposition disposition) {
    Set<DeliveryId> held = unit.deliveries().tryLockLanes(ids(parcels));
    List<CompletedAttempt> settlements =
        parcels.stream()
            .filter(leasedDelivery -> !held.contains(leasedDelivery.lease().delivery()))
            .map(parcel -> settlement(parcel, disposition))
            .toList();
    var completionResult = unit.deliveries().complete(settlements);
    unit.deliveries().promoteNext(completionResult.unblockedLanes(), Optional.empty());
    return held;
  }

  private static CompletedAttempt settlement(
      LeasedDelivery leasedDelivery, Disposition disposition) {
    Outcome outcome =
        Outcome.Responded.of(disposition instanceof Disposition.Delivered ? 200 : 500);
    return new CompletedAttempt(
        leasedDelivery.lease(),
        new Attempt(leasedDelivery.lease().attempt(), Samples.NOON, Duration.ofMillis(5), outcome),
        disposition);
  }

  public static Set<DeliveryId> ids(List<LeasedDelivery> parcels) {
    return parcels.stream()
        .map(leasedDelivery -> leasedDelivery.lease().delivery())
        .collect(Collectors.toSet());
  }

  public static UUID newId() {
    return UuidCreator.getTimeOrderedEpoch();
  }
}
